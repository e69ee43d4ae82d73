import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../lambdas/mapping/findings.ts';
import { searchCompanies } from '../../lambdas/mapping/search.ts';
import { suggest } from '../../lambdas/mapping/suggest.ts';
import { findingLines, stakes, suggestionLines } from '../../lambdas/mapping/words.ts';
import { accountIn, world } from './world.ts';

const ids = [{ integration: 'halopsa', id: '118' }];

describe('a line', () => {
  it('shows class, integration, customer, company and evidence, in columns', () => {
    const clientele = world(
      [
        { id: 'contoso', name: 'Contoso Ltd', integrationIds: { halopsa: '118' } },
        { id: 'fabrikam', name: 'Fabrikam' },
        { id: 'f2', name: 'Fabrikam GmbH' },
        { id: 'hl', name: 'Harbour', integrationIds: { beta: '2' } },
      ],
      {
        alpha: [
          { id: '1', name: 'Contoso Limited', ids },
          { id: '2', name: 'Fabrikam', units: 5 },
          { id: '3', name: 'Ghost\u0007\nCo\u202e', units: 2 },
          { id: '4', name: 'HLG' },
        ],
        beta: [{ id: '2', name: 'HLG', domains: ['harbour.example'] }],
      },
    );
    expect(suggestionLines(suggest(clientele))).toEqual([
      'certain  alpha  Contoso Limited (1)  Contoso Ltd (contoso)  same id halopsa 118, same name',
      'likely   alpha  HLG (4)              Harbour (hl)           same name as at beta',
      'unclear  alpha  Fabrikam (2)         -                      Fabrikam? same name (not alone); Fabrikam GmbH? same name (not alone)',
      'unclear  alpha  Ghost Co (3)         -                      no evidence',
    ]);
  });

  it('shows the evidence against the best candidate, and the other candidates', () => {
    const clientele = world(
      [
        { id: 'contoso', name: 'Contoso GmbH', integrationIds: { halopsa: '118', alpha: '9' } },
        { id: 'ltd', name: 'Contoso' },
      ],
      {
        alpha: [
          { id: '9', name: 'HQ' },
          { id: '1', name: 'Contoso Ltd', ids },
        ],
      },
    );
    expect(suggestionLines(suggest(clientele))).toEqual([
      'likely  alpha  Contoso Ltd (1)  Contoso GmbH (contoso)  same id halopsa 118; but it already has HQ (9) there; ' +
        'but Contoso GmbH has another legal form; but Contoso: same name',
    ]);
  });

  it('of a finding names vendor, company and id', () => {
    const clientele = world(
      [
        { id: 'a', name: 'A', integrationIds: { alpha: ['1', '7'], beta: '8' } },
        { id: 'b', name: 'Bee', integrationIds: { alpha: ['1', '6'] } },
        { id: 'c', name: 'C' },
      ],
      {
        alpha: [
          { id: '1', name: 'x' },
          { id: '5', name: 'Bee' },
        ],
        beta: [],
      },
    );
    const names = new Map([['alpha', 'Alpha RMM']]);
    expect(findingLines(findingsOf(clientele, suggest(clientele)), names)).toEqual([
      'Alpha RMM: x (1) counts for no company, because it is mapped to a and b: keep its id with one of them',
      'Alpha RMM no longer lists 6 of Bee (b); it may now be Bee (5)',
      'A (a): no longer listed, so remove these ids: Alpha RMM 7, beta 8',
      'No id at any vendor: C',
    ]);
  });
});

it('what is at stake is shown by the largest counts', () => {
  const clientele = world([], {
    alpha: [
      { id: '1', units: 12 },
      { id: '2', units: 0 },
    ],
  });
  expect(stakes(accountIn(clientele, 'alpha', '1'))).toBe('12 alpha units');
  expect(stakes(accountIn(clientele, 'alpha', '2'))).toBe('nothing counted');
});

it('a search finds parts of names and ids, then similar names, the most similar first', () => {
  const { companies } = world(
    ['Contoso UK', 'Contoso US', 'Pemberton Architects', 'Café Zoë'].map((name, index) => ({ id: `c-${index}`, name })),
    {},
  );
  const namesFound = (words: string) => searchCompanies(companies, words).map(({ name }) => name);
  expect(namesFound('contoso')).toEqual(['Contoso UK', 'Contoso US']);
  expect(namesFound('Pemberton Archtects')).toEqual(['Pemberton Architects']);
  expect(namesFound('cafe')).toEqual(['Café Zoë']);
  expect(namesFound('c-2')).toEqual(['Pemberton Architects']);
  expect(namesFound('Ghost')).toEqual([]);
});
