import { describe, expect, it } from 'vitest';
import { type Auth, basic, headers, signed, token } from '../../lambdas/wire/auth.ts';
import { unsendable } from '../../lambdas/wire/header-fields.ts';
import { requestPath, wire } from './wire.ts';

describe('a header', () => {
  it.each(['', 'plain', 'tab\tand space', 'café', '~!"#$%&\'()*+'])('can carry %j', (value) => {
    expect(unsendable({ 'x-key': value })).toBeUndefined();
  });

  it.each(['line\nbreak', 'line\rbreak', 'nul\0', 'escape\x1b', 'delete\x7f', '“quoted”', 'key\u200b', '😀'])(
    'cannot carry %j',
    (value) => {
      expect(unsendable({ good: 'x', 'x-key': value })).toBe('x-key');
    },
  );
});

describe('a key that no header can carry', () => {
  it.each<[string, Auth, string]>([
    ['a fixed header', headers({ 'x-api-key': 'key“1”' }), 'x-api-key'],
    ['a bearer', headers({ authorization: 'Bearer first\nsecond' }), 'authorization'],
    ['a signature', signed(() => ({ authorization: 'id\u200b:signature' })), 'authorization'],
  ])('(%s) is the configuration’s fault, found before anything is sent', async (_, auth, header) => {
    const w = wire({ json: {} });
    const error: unknown = await requestPath(w, { auth })
      .send('GET', '/x')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      wide: true,
      message:
        `Vendor: the credentials hold a character that no HTTP header can carry (header ${header}), such as a line ` +
        'break or a typographic quotation mark; copy them again from the vendor',
    });
    expect(String(error)).not.toMatch(/key“1”|first|id\u200b/u);
    expect(w.sent).toHaveLength(0);
  });

  it('does not exist for user and password, which travel in Base64', async () => {
    const w = wire({ json: {} });
    await requestPath(w, { auth: basic('“user”', 'pass\nword') }).send('GET', '/x');
    expect(w.sent).toHaveLength(1);
  });

  it('is the vendor’s fault if the vendor made it', async () => {
    const w = wire({ json: {} });
    const auth = token(async () => ({ value: 'token\n', seconds: 60 }));
    await expect(requestPath(w, { auth }).send('GET', '/x')).rejects.toMatchObject({
      name: 'VendorContractError',
      wide: true,
      message: 'the token that the vendor gave holds a character that no HTTP header can carry (authorization)',
    });
    expect(w.sent).toHaveLength(0);
  });
});
