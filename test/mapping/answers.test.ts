import { describe, expect, it } from 'vitest';
import { type Answer, answered, withAnswers } from '../../lambdas/mapping/answers.ts';
import { blanksOf, findingsOf } from '../../lambdas/mapping/findings.ts';
import { suggest } from '../../lambdas/mapping/suggest.ts';
import { accountIn, type Entry, short, world } from './world.ts';

const at = '2026-11-22T07:00:00Z';
const customers = {
  alpha: [
    { id: '1', name: 'Contoso' },
    { id: '2', name: 'Fabrikam' },
  ],
  beta: [{ id: '3', name: 'Contoso' }],
};
const is = (customer: string, company: string): Answer => ({
  at,
  answer: 'is',
  integration: 'alpha',
  customer,
  company,
});
const contosoHas = (integrationIds: Entry['integrationIds'] = {}) =>
  world([{ id: 'contoso', integrationIds }, { id: 'fabrikam' }], customers);
const nothing: Answer = { at, answer: 'nothing there', integration: 'alpha', company: 'contoso' };

describe('answers', () => {
  it('become links, empty lists, refusals and customers of nobody', () => {
    const clientele = contosoHas();
    const soFar = answered(clientele, [
      is('1', 'contoso'),
      { at, answer: 'nothing there', integration: 'beta', company: 'fabrikam' },
      { at, answer: 'is not', integration: 'beta', customer: '3', company: 'contoso' },
      { at, answer: 'nobody', integration: 'alpha', customer: '2' },
    ]);
    expect(soFar).toEqual({
      links: [{ integration: 'alpha', customer: '1', company: 'contoso' }],
      nothings: [{ integration: 'beta', company: 'fabrikam' }],
      refused: [{ account: accountIn(clientele, 'beta', '3'), company: 'contoso' }],
      nobody: new Set([accountIn(clientele, 'alpha', '2')]),
      contradicted: [],
    });
  });

  it('are withdrawn one by one, and of two the later one counts', () => {
    const back: Answer = { at, answer: 'back' };
    const links = (...answers: Answer[]) =>
      answered(contosoHas(), answers).links.map(({ customer, company }) => `${customer} ${company}`);
    expect(links(is('1', 'contoso'), is('2', 'fabrikam'), back)).toEqual(['1 contoso']);
    expect(links(is('1', 'contoso'), back, back, is('2', 'fabrikam'))).toEqual(['2 fabrikam']);
    expect(links(is('1', 'contoso'), is('1', 'fabrikam'))).toEqual(['1 fabrikam']);
    expect(links(is('1', 'contoso'), { at, answer: 'nobody', integration: 'alpha', customer: '1' })).toEqual([]);
  });

  it('that a customer is nobody’s are replaced by a later link', () => {
    const soFar = answered(contosoHas(), [
      { at, answer: 'nobody', integration: 'alpha', customer: '1' },
      is('1', 'contoso'),
    ]);
    expect(soFar.nobody.size).toBe(0);
  });

  it('of an empty list are replaced by a later link', () => {
    expect(answered(contosoHas(), [nothing, is('1', 'contoso')])).toMatchObject({
      nothings: [],
      links: [{ customer: '1' }],
    });
  });

  it.each([
    [
      'maps the customer to another company',
      { fabrikam: { alpha: '1' } },
      is('1', 'contoso'),
      'organizations.json maps it to fabrikam',
    ],
    [
      'maps it to two',
      { contoso: { alpha: '1' }, fabrikam: { alpha: '1' } },
      is('1', 'contoso'),
      'organizations.json maps it to contoso and fabrikam',
    ],
    [
      'says the company has nothing there',
      { contoso: { alpha: [] } },
      is('1', 'contoso'),
      'organizations.json records that contoso has nothing there',
    ],
    ['has an id where it had nothing', { contoso: { alpha: '2' } }, nothing, 'organizations.json has 2 for contoso'],
    ['lost the company', {}, is('1', 'gone'), 'organizations.json has no company gone'],
    ['is as it was, but the vendor lost the customer', {}, is('9', 'contoso'), 'the vendor no longer lists it'],
  ] as const)(
    'have no effect once organizations.json %s',
    (_, ids: Record<string, Record<string, string | readonly string[]>>, answer, why) => {
      const file = ['contoso', 'fabrikam'].map((id) => ({
        id,
        integrationIds: Object.fromEntries(Object.entries(ids[id] ?? {}).map(([key, value]) => [key, [value].flat()])),
      }));
      const soFar = answered(world(file, customers), [answer]);
      expect(soFar).toMatchObject({ links: [], nothings: [], contradicted: [{ answer, why }] });
    },
  );

  it('that the file now contains are settled, not contradicted', () => {
    expect(answered(contosoHas({ alpha: '1' }), [is('1', 'contoso')])).toMatchObject({ links: [], contradicted: [] });
    expect(answered(contosoHas({ alpha: [] }), [nothing])).toMatchObject({ nothings: [], contradicted: [] });
  });

  it('prevail over an empty list that the person knew about', () => {
    const knowing: Answer = {
      at,
      answer: 'is',
      integration: 'alpha',
      customer: '1',
      company: 'contoso',
      despiteNothing: true,
    };
    expect(answered(contosoHas({ alpha: [] }), [knowing])).toMatchObject({
      links: [{ customer: '1' }],
      contradicted: [],
    });
  });

  it('support other suggestions: what is answered counts as mapped', () => {
    const clientele = world([{ id: 'contoso', name: 'HLG' }], {
      alpha: [{ id: '1', name: 'Harbour', domains: ['harbour.example'] }],
      beta: [{ id: '3', name: 'HL', domains: ['harbour.example'] }],
    });
    const soFar = answered(clientele, [is('1', 'contoso')]);
    expect(suggest(withAnswers(clientele, soFar)).map(short)).toEqual(['certain beta/3 -> contoso']);
  });
});

describe('findings', () => {
  it('are ids mapped twice, ids that are gone and their successors, and companies without any', () => {
    const clientele = world(
      [
        { id: 'contoso', integrationIds: { alpha: ['1', '7'] } },
        { id: 'fabrikam', integrationIds: { alpha: '1', beta: '8' } },
        { id: 'empty', integrationIds: { halopsa: '5', alpha: [] } },
        { id: 'closed', enabled: false },
      ],
      { alpha: [{ id: '1', name: 'x' }], beta: [{ id: '9', name: 'Fabrikam' }] },
    );
    const { ambiguous, gone, without } = findingsOf(clientele, suggest(clientele));
    expect(ambiguous.map(({ account, companies }) => [account.id, companies])).toEqual([
      ['1', ['contoso', 'fabrikam']],
    ]);
    expect(gone.map(({ company, id, perhaps }) => [company.id, id, perhaps.map((account) => account.id)])).toEqual([
      ['contoso', '7', []],
      ['fabrikam', '8', ['9']],
    ]);
    expect(without.map(({ id }) => id)).toEqual(['empty']);
  });

  it('are blanks that a person can explain: no id, and no customer that could be theirs', () => {
    const clientele = world(
      [{ id: 'contoso' }, { id: 'fabrikam', integrationIds: { beta: [] } }, { id: 'closed', enabled: false }],
      customers,
    );
    const blanks = blanksOf(clientele, suggest(clientele));
    expect([...blanks].map(([id, companies]) => [id, companies.map((company) => company.id)])).toEqual([
      ['alpha', []],
      ['beta', []],
    ]);
    expect(
      blanksOf(world([{ id: 'other' }], customers), [])
        .get('beta')
        ?.map(({ id }) => id),
    ).toEqual(['other']);
  });
});
