import { describe, expect, it } from 'vitest';
import {
  anyId,
  asioCompany,
  companyCode,
  digits,
  domainOrEid,
  dropsuiteOrganization,
  duoAccount,
  guid,
  guidAsWritten,
  longDigits,
  siteUid,
  stellrCustomer,
} from '../../lambdas/counting/ids.ts';

const GUID = '3B6C1F0E-1111-4222-8333-44445555ABCD';

describe('a customer id', () => {
  it('may be written as text or number', () => {
    expect([anyId.parse(' a-1\n'), anyId.parse(12)]).toEqual(['a-1', '12']);
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

const DUO = 'DA0123456789ABCDEF01';

describe.each([
  ['digits too long for a number', longDigits, 'text of digits', ['0', '00123456789012345678901']],
  ['of ConnectWise Asio', asioCompany, "the company's id, not its name", ['7', 'a_B-1']],
  ['of a Datto RMM site', siteUid, "the site's uid, not its name", ['a3_x-z', '3']],
  ['of Dropsuite', dropsuiteOrganization, 'digits, or digits-digits', ['7', '118-42']],
  ['of Duo', duoAccount, 'DA and (usually 18) capital letters or digits', [DUO, 'DAX9Y8', `DA${'Z'.repeat(30)}`]],
  ['of Proofpoint', domainOrEid, 'a domain, or the digits of an eid', ['20', 'uk.larch.example', 'a.b']],
  ['of Stellr', stellrCustomer, 'a customer number without spaces', ['4411', 'C_4-a']],
  ['of Synnex Australia', companyCode, 'a company code, without spaces', ['C', 'AU/77:x']],
] as const)('a customer id %s', (_, form, expected, ids) => {
  it.each(ids)('may be %s', (id) => {
    expect(form.parse(id)).toBe(id);
  });

  it('is no name of several words, and not blank: the message says what it is', () => {
    for (const wrong of ['', 'Larch Dental', `${ids[0]} ${ids[1]}`]) {
      expect(form.safeParse(wrong).error?.issues).toMatchObject([{ message: `expected ${expected}` }]);
    }
  });
});

it.each([
  [longDigits, ['1a', 'a1', ' 1']],
  [asioCompany, ['a!', '!a']],
  [siteUid, ['larch', '3!', '!3']],
  [dropsuiteOrganization, ['x7', '7x', '7-', '7-8-9', '7-x']],
  [duoAccount, [DUO.toLowerCase(), `x${DUO}`, `${DUO} `, 'DAXYZ', `DA${'Z'.repeat(31)}`]],
  [
    domainOrEid,
    [
      'larch',
      '7x',
      'x7',
      'larch.',
      '.example',
      'info@larch.example',
      'larch.ex@mple',
      'https://larch.example',
      'a.b/c',
    ],
  ],
  [stellrCustomer, ['C!', '!C']],
  [companyCode, [' C', 'C ']],
] as const)('%# what resembles an id is none', (form, others) => {
  for (const other of others) expect([other, form.safeParse(other).success]).toEqual([other, false]);
});

it('an id that vendors compare in lower case is normalized to it, and blanks around an id are taken off', () => {
  expect(siteUid.parse('3F-A')).toBe('3f-a');
  expect(domainOrEid.parse(' Larch.Example ')).toBe('larch.example');
  expect(domainOrEid.parse(' 20 ')).toBe('20');
  expect([dropsuiteOrganization.parse(7), dropsuiteOrganization.parse(' 7-8 ')]).toEqual(['7', '7-8']);
  expect([stellrCustomer.parse(4411), stellrCustomer.parse(' 4411 ')]).toEqual(['4411', '4411']);
});
