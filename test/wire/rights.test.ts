import { describe, expect, it } from 'vitest';
import { ReportError } from '../../lambdas/report/errors.ts';
import { NOBODY_LISTED, type OpenRight, rightsSentence, tryRights } from '../../lambdas/wire/rights.ts';

const right = (name: string, check: OpenRight<string>['check']): OpenRight<string> => ({
  right: name,
  where: 'the portal',
  check,
});

const tried = (...rights: OpenRight<string>[]) => Array.fromAsync(tryRights(rights, 'the API'));

describe('a right', () => {
  it('exists if its call is answered, is lacking if it is refused, and may be either if there is nobody to ask about', async () => {
    const refusal = new ReportError('VendorAuthError', 'no consent');
    const found = await tried(
      right('reading sites', async (asked) => asked),
      right('reading devices', () => Promise.reject(refusal)),
      right('reading users', async () => NOBODY_LISTED),
    );
    const where = 'the portal';
    expect(found).toEqual([
      { right: 'reading sites', where, refusal: undefined },
      { right: 'reading devices', where, refusal },
      { right: 'reading users', where, refusal: undefined, unseen: 'no customer is listed yet to ask about' },
    ]);
  });

  it('is not lacking because of a mistake of ours', async () => {
    const mistake = new TypeError('ours');
    await expect(tried(right('reading sites', () => Promise.reject(mistake)))).rejects.toBe(mistake);
  });

  it('is named with its place, a common place once', () => {
    const rights = [
      { right: 'Sites', where: 'Roles' },
      { right: 'Devices', where: 'Roles' },
      { right: 'Reports', where: 'Account' },
    ];
    expect(rightsSentence(rights)).toBe('Sites, Devices (Roles); Reports (Account)');
  });
});
