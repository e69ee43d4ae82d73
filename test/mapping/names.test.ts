import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainName, relationOf, resemblance } from '../../lambdas/mapping/names.ts';

const relation = (a: string, b: string) => relationOf(plainName(a), plainName(b));

describe('two names are the same', () => {
  it.each([
    ['in capitals or small letters', 'CONTOSO LTD', 'Contoso Ltd'],
    ['with accents or without', 'Café Zoë', 'Cafe Zoe'],
    ['with letters that no accent makes', 'Søndergård Øl & Straße', 'Sondergard Ol and Strasse'],
    ['with punctuation or without', "O'Rourke, Finch-Ashdown", 'ORourke Finch Ashdown'],
    ['with & or and', 'Dunmore & Hale', 'Dunmore and Hale'],
    ['with a leading article or without', 'The Copper Kettle', 'Copper Kettle'],
    ['with Limited or Ltd', 'Hazel Foods Limited', 'Hazel Foods Ltd.'],
    ['with a legal form on one side alone', 'Kék Duna Kft.', 'Kek Duna'],
    ['with a legal form of several words', 'Kaltenbach Holz GmbH & Co. KG', 'Kaltenbach Holz GmbH & Co KG'],
    ['with the surname first', 'Smith, John & Sons', 'John Smith & Sons'],
    ['in letters that are not Latin', '株式会社ノース', '株式会社ノース'],
  ])('%s', (_, a, b) => expect(relation(a, b)).toBe('same'));
});

describe('two names are not the same', () => {
  it.each([
    ['of two countries', 'Contoso UK', 'Contoso US', 'different'],
    ['with two legal forms', 'Contoso Ltd', 'Contoso GmbH', 'different-form'],
    ['of a company and its group', 'Hazelwood Accounting', 'Hazelwood Accounting Group', 'different'],
    ['with a number more', 'Lakeview Chiropractic (2)', 'Lakeview Chiropractic', 'different'],
    ['of a limited company in Singapore and one in London', 'Kestrel Pte Ltd', 'Kestrel Ltd', 'different-form'],
    ['with a blank inside', 'Stone Bridge', 'Stonebridge', 'different'],
    ['that have no letter at all', '-', '...', 'different'],
  ])('%s', (_, a, b, expected) => expect(relation(a, b)).toBe(expected));
});

it('a name that is only a legal form or an article stays a name', () => {
  expect(plainName('AB')).toEqual({ core: 'ab', form: undefined });
  expect(plainName('The Ltd')).toEqual({ core: 'the', form: 'ltd' });
});

it('the relation is symmetrical, and every name with a letter or digit equals itself', () => {
  const words = fc.constantFrom('the', 'Ltd', 'GmbH', '& Co.', 'KG', 'Ünal', "O'Neil", 'B.V.', '', '-', 'a');
  const name = fc.oneof(
    fc.array(words, { maxLength: 5 }).map((list) => list.join(' ')),
    fc.string(),
  );
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(relation(a, b)).toBe(relation(b, a));
      expect(resemblance(a, b)).toBeCloseTo(resemblance(b, a));
      if (plainName(a).core !== '') expect(relation(a, a)).toBe('same');
    }),
    { numRuns: 200 },
  );
});

it('resemblance can rank look-alikes above the same company in another spelling, so it decides nothing', () => {
  const lookAlike = resemblance('Pemberton Archtects', 'Pemberton Architect');
  expect(lookAlike).toBeGreaterThan(resemblance('Contoso - Head Office', 'Contoso'));
  expect(resemblance('Contoso', 'Contoso Ltd')).toBe(1);
  expect(resemblance('Contoso', 'Fabrikam')).toBe(0);
  expect(resemblance('', 'Fabrikam')).toBe(0);
});
