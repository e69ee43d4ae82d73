import { describe, expect, it } from 'vitest';
import { anyId, digits, guid, guidAsWritten } from '../../lambdas/counting/ids.ts';

const GUID = '3B6C1F0E-1111-4222-8333-44445555ABCD';

describe('a customer id', () => {
  it('may be written as text or number', () => {
    expect([anyId.parse('a-1'), anyId.parse(12)]).toEqual(['a-1', '12']);
    expect([digits.parse('0012'), digits.parse(12)]).toEqual(['0012', '12']);
  });

  it('that is a guid is the same in upper and lower case, and can be had as it was written', () => {
    expect(guid.parse(GUID)).toBe(GUID.toLowerCase());
    expect(guidAsWritten.parse(GUID)).toBe(GUID);
  });

  it.each(['', 'x', GUID.slice(1), `${GUID}0`, `x${GUID}`, `{${GUID}}`, GUID.replace('B', 'G'), GUID.replace('-', '')])(
    '%j is not a guid',
    (value) => {
      expect(guid.safeParse(value).error?.issues[0]?.message).toContain('expected a guid');
    },
  );

  it.each(['', '1a', 'a1', ' 1', '-1', '1.5', 1.5, -1, null])('%j is no id of digits', (value) => {
    expect(digits.safeParse(value).success).toBe(false);
  });

  it('of digits is described as such when it is refused', () => {
    expect(digits.safeParse('1a').error?.issues[0]?.message).toBe('expected digits only');
  });
});
