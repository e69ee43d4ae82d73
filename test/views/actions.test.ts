import { expect, it } from 'vitest';
import { plainText } from '../../lambdas/report/brief.ts';
import type { Action } from '../../lambdas/views/action.ts';
import { actionsOf } from '../../lambdas/views/actions.ts';
import { briefOf } from '../../lambdas/views/brief.ts';
import { comparisonActions } from '../../lambdas/views/comparison-actions.ts';
import type { TermRow } from '../../lambdas/views/rows.ts';
import { termActions } from '../../lambdas/views/term-actions.ts';
import { data, report, rows } from './sample.ts';

const inShort = ({ who, what, company, money, until }: Action): string =>
  [who, company, what, money === undefined ? undefined : `${money.amount} ${money.currency}`, until]
    .filter((part) => part !== undefined)
    .join(' | ');

it('lists what is to be done, the most money first, with who can do it', () => {
  expect(actionsOf(data).map(inShort)).toEqual([
    'clerk | FABRIKAM | Bill 3.3 of Archive; none is billed. | 33.00 USD',
    'clerk | CONTOSO | Raise Managed EDR from 10 to 12. | 7.00 USD',
    'clerk | CONTOSO | Lower Users from 8 to 3, or record an agreed minimum in billing.json. | -20.00 EUR',
    'engineer | Agents: the credentials were refused for 1 customer (Customer 2). Grant what is missing or renew the credentials, then run the report again.',
    'engineer | Tenants did not answer. Run the report again later.',
    'clerk | CONTOSO | Check Servers: 1 billed, but the vendor counts none.',
    'clerk | CONTOSO | Reduce Office: 7 of 27 seats are unused; order by 2026-12-19, effective 2026-12-21 (commitment end). | 2026-12-19',
    'mapping | Edition customer Customer 10 (10) is mapped to CONTOSO and IRONBRIDGE: keep its id with one of them.',
    'mapping | IRONBRIDGE | Agents lists no customer 404: correct the id or remove it.',
    'mapping | Agents customer Ghost Co (9) has Agents Workstations 4 and no company: add its id to GHOST (certain: same domain).',
    'mapping | Shop customer Unknown Ltd (102) has Shop Archive (TB) 1 and no company: add its id to its company.',
  ]);
});

it('lists customers of a company that is not enabled last, with what can be done about them', () => {
  const suggestion = {
    certainty: 'certain' as const,
    company: { id: 'gone', name: 'GONE' },
    evidence: 'organizations.json has its id for this company, which is not enabled',
    disabled: true as const,
  };
  const [first, ...others] = report.unmapped;
  const unmapped = first === undefined ? [] : [{ ...first, suggestion }, ...others];
  const actions = actionsOf({ report: { ...report, unmapped } });
  expect(actions.at(-1)?.what).toBe(
    'Agents customer Ghost Co (9) has Agents Workstations 4 and belongs to GONE, which is not enabled: ' +
      'end what it no longer uses, or enable the company.',
  );
  expect(plainText(briefOf({ report: { ...report, unmapped } }))).toContain(
    '2 vendor customers without a company, 1 vendor customer of a company that is not enabled',
  );
});

it('shows existing lines that add nothing next to what is not billed', () => {
  const note = 'line 7 (3.3): begins 2026-12-01';
  const archive = rows.filter(({ state }) => state === 'counted-not-billed');
  const placed = (more: object) => comparisonActions(archive.map((row) => ({ ...row, ...more })))[0]?.where;
  expect(placed({ billedFrom: 'acme-psa', agreements: 'Gold', lines: '7', note })).toBe(`acme-psa, Gold, ${note}`);
  expect(placed({ billedFrom: 'acme-psa', note: 'most others are billed 10 USD' })).toBe('acme-psa');
});

it('does not say that nothing is counted if a rule includes what is, or if it could not be read', () => {
  const free = rows.filter(({ state }) => state === 'billed-not-counted');
  const unread = free.map(({ counted: _, ...row }) => row);
  const included = unread.map((row) => ({ ...row, counted: '3' }));
  expect(comparisonActions([...included, ...unread]).map(({ what }) => what)).toEqual([
    'Lower Servers from 1 to 0: of 3 counted, none is to be billed.',
    'Lower Servers from 1 to 0: none is to be billed.',
  ]);
});

it('names a column that no company has, because its product may have a new name', () => {
  const reconciliation = {
    period: '2026-11',
    rows: [],
    totals: [],
    columnsOfNobody: [{ service: 'Mail', column: 'Shop Mail' }],
  };
  expect(actionsOf({ report, reconciliation }).map(({ what }) => what)).toContain(
    'No company has any "Shop Mail", by which Mail is counted: if the product has a new name, name its column.',
  );
});

it('shows where each is done', () => {
  const places = new Set(actionsOf(data).map(({ where }) => where));
  expect([...places]).toEqual([
    'ConnectWise PSA',
    'ConnectWise PSA, Gold',
    'Agents, integration agents',
    'Tenants, integration tenants',
    'Shop, subscription 0012345678901234567890',
    'organizations.json, integrationIds.edition',
    'organizations.json, integrationIds.agents',
    'organizations.json, integrationIds.shop',
  ]);
});

it('has nothing to do for rows that agree, are excused or were not compared', () => {
  const quiet = (['matched', 'tolerated', 'ignored', 'not-compared'] as const).flatMap((state) =>
    rows.slice(0, 1).map((row) => ({ ...row, state })),
  );
  const actions = actionsOf({ report, reconciliation: { period: '2026-11', rows: quiet, totals: [] } });
  expect(actions.filter(({ where }) => where.startsWith('ConnectWise'))).toEqual([]);
});

it('shows no money if a free line differs', () => {
  const free = rows.slice(0, 1).map((row) => ({ ...row, moneyDifference: '0.00' }));
  const [action] = actionsOf({ report, reconciliation: { period: '2026-11', rows: free, totals: [] } }).filter(
    ({ company }) => company === 'CONTOSO',
  );
  expect(action?.money).toBeUndefined();
});

const term = (act?: TermRow['act'], more: Partial<TermRow> = {}): TermRow => ({
  company: 'CONTOSO',
  integration: 'Shop',
  product: 'Office',
  subscriptionId: 's-1',
  quantity: '27',
  ...(act === undefined ? {} : { act }),
  ...more,
});

it('has nothing to do for a term whose seats cannot go soon', () => {
  expect(termActions([term()])).toEqual([]);
});

it('names the seats of a term, why they can go, when, and what waiting costs, the most urgent first', () => {
  const waiting = { amount: '136.50', currency: 'USD', months: 1 };
  const actions = termActions([
    term({ units: '7', why: 'not billed', from: '2026-12-21', lastDay: '2026-12-19', waiting }, { basis: 'window' }),
    term({ units: '1', why: 'unused', from: '2026-11-22' }, { quantity: '1' }),
  ]);
  expect(actions.map(inShort)).toEqual([
    'clerk | CONTOSO | Reduce Office: 1 of 1 seat is unused; possible from 2026-11-22. | 2026-11-22',
    'clerk | CONTOSO | Bill or reduce Office: 7 of 27 seats are billed to no customer; order by 2026-12-19, effective 2026-12-21 ' +
      '(window). Until then that costs 136.50 USD (1 month). | 2026-12-19',
  ]);
});
