import { expect, it } from 'vitest';
import { type Action, actionsOf } from '../../lambdas/views/actions.ts';
import type { TermRow } from '../../lambdas/views/rows.ts';
import { termActions } from '../../lambdas/views/term-actions.ts';
import { data, report, rows } from './sample.ts';

const inShort = ({ who, what, company, money, until }: Action): string =>
  [who, company, what, money === undefined ? undefined : `${money.amount} ${money.currency}`, until]
    .filter((part) => part !== undefined)
    .join(' | ');

it('lists what is to be done, the most money first, with who can do it', () => {
  expect(actionsOf(data).map(inShort)).toEqual([
    'clerk | FABRIKAM | Bill Archive: 3.3 to bill, none is billed. | 33.00 USD',
    'clerk | CONTOSO | Raise Managed EDR from 10 to 12. | 7.00 USD',
    'clerk | CONTOSO | Lower Users from 8 to 3, or record an agreed spare in billing.json. | -20.00 EUR',
    'engineer | Agents could not read Customer 2 (VendorAuthError): check its credentials and their rights, then run the report again.',
    'engineer | Tenants could not be read (VendorUnavailableError): run the report again later.',
    'clerk | CONTOSO | Check Servers: 1 billed, the vendor counts none.',
    'clerk | CONTOSO | Reduce Office by 7 to 20: they are assigned to nobody. | 2026-12-19',
    'mapping | Edition customer Customer 10 (10) is mapped to CONTOSO and IRONBRIDGE: keep its id with one of them.',
    'mapping | IRONBRIDGE | Agents lists no customer 404: correct the id or take it out.',
    'mapping | Agents customer Ghost Co (9) has Agents Workstations 4 and no company: add its id to GHOST (certain: same domain).',
    'mapping | Shop customer Unknown Ltd (102) has Shop Archive (TB) 1 and no company: add its id to its company.',
  ]);
});

it('says where each is done', () => {
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

it('shows no money where a free line differs', () => {
  const free = rows.slice(0, 1).map((row) => ({ ...row, moneyDifference: '0.00' }));
  const [action] = actionsOf({ report, reconciliation: { period: '2026-11', rows: free, totals: [] } }).filter(
    ({ company }) => company === 'CONTOSO',
  );
  expect(action?.money).toBeUndefined();
});

const term = (more: Partial<TermRow>): TermRow => ({
  company: 'CONTOSO',
  integration: 'Shop',
  product: 'Office',
  subscriptionId: 's-1',
  quantity: '27',
  assigned: '20',
  lastDayToAct: '2026-12-01',
  ...more,
});

it.each([
  ['the last day has passed', term({ lastDayToAct: '2026-11-21' })],
  ['it is more than 45 days ahead', term({ lastDayToAct: '2027-01-07' })],
  ['no last day is known', { ...term({}), lastDayToAct: undefined }],
  ['every unit is assigned', term({ assigned: '27' })],
  ['the reduction is booked', term({ scheduledQuantity: '20' })],
] as [string, TermRow][])('leaves a term alone when %s', (_, row) => {
  expect(termActions([row], '2026-11-22')).toEqual([]);
});

it('asks for a decision where nobody knows what is assigned', () => {
  const { assigned: _, ...unknown } = term({ lastDayToAct: '2027-01-06' });
  expect(termActions([unknown], '2026-11-22').map(inShort)).toEqual([
    'clerk | CONTOSO | Decide whether all 27 of Office are still needed. | 2027-01-06',
  ]);
});
