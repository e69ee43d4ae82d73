import { expect, test } from 'vitest';
import { fileShape } from '../../lambdas/billing/billed-csv/settings.ts';
import { readBilledCsv } from '../../lambdas/billing/billed-csv.ts';
import type { BilledLine } from '../../lambdas/billing/line.ts';
import { periodOf } from '../../lambdas/billing/period.ts';
import { reconciliationCsv } from '../../lambdas/billing/reconciliation-csv.ts';
import connectwise from '../../lambdas/sources/connectwise-psa.ts';
import { compared, exception, line, PSA, rowOf, settings, side, W, workstations } from '../billing/sample.ts';
import { company } from '../report/sample.ts';
import connectWisePsa from '../sandbox/psa-apis/connectwise-psa.ts';
import { readAll, sourceRig } from '../sources/source-rig.ts';

/*
 * How comparisons with a PSA have been wrong elsewhere, dated and public, as far as the joining is concerned. In each
 * test the naive way fails first, and ours does not.
 */

const A = company('a', { agents: ['1'], [PSA]: ['251'] });
const B = company('b', { agents: ['2'], [PSA]: ['252'] });

/** One line per product and company, found by their ids: the join that everybody writes first. */
const firstLine = (lines: BilledLine[], customer: string, code = 'EDR'): BilledLine | undefined =>
  lines.find((each) => each.customer.id === customer && each.product.code === code);

const units = (billed: BilledLine | undefined): number =>
  billed !== undefined && 'value' in billed.quantity ? Number(billed.quantity.value) : 0;

test('2026-05: two lines of one product were compared one by one, and each looked wrong', () => {
  const lines = [line('1', '251', 'EDR', 7), line('2', '251', 'EDR', 5)];
  expect(12 - units(firstLine(lines, '251'))).toBe(5);
  const result = compared({ organizations: [A], outcomes: [workstations({ 1: 12 })], sides: [side(lines)] });
  expect(rowOf(result, 'a')).toMatchObject({ state: 'matched', billed: '12', lines: ['1', '2'] });
});

test('2026-08: no invoice was read, and everything counted was reported as missing, 950,640 of nothing', () => {
  expect(12 - units(firstLine([], '251'))).toBe(12);
  const result = compared({ organizations: [A], outcomes: [workstations({ 1: 12 })], sides: [side([], ['251'])] });
  expect(rowOf(result, 'a')).toMatchObject({
    state: 'not-compared',
    reason: 'billed side failed (VendorContractError)',
  });
  expect(result).toMatchObject({ totals: [], billedFrom: [{ status: 'failed' }] });
});

test('2026-08: a customer without any invoice was shown as clean, and 818.75 was missed', () => {
  const lines = [line('1', '252', 'EDR', 3)];
  const naive = lines.filter(({ customer }) => customer.id === '251').every((each) => units(each) === 12);
  expect(naive).toBe(true);
  const result = compared({
    organizations: [A, B],
    outcomes: [workstations({ 1: 12, 2: 3 })],
    sides: [side(lines)],
  });
  expect(rowOf(result, 'a')).toMatchObject({ state: 'not-compared', reason: `not-found at ${PSA}`, counted: '12' });
});

test('2026-08: the invoices of last month were compared with the subscriptions of today', () => {
  const october = line('1', '251', 'EDR', 9, { from: '2026-10-01', to: '2026-10-31', quantitySource: 'invoiced' });
  expect(12 - units(firstLine([october], '251'))).toBe(3);
  const of = (...lines: BilledLine[]) =>
    rowOf(compared({ organizations: [A], outcomes: [workstations({ 1: 12 })], sides: [side(lines)] }), 'a');
  expect(of(october)).toMatchObject({ billed: '0', note: 'line 1 (9): ended 2026-10-31' });
  const doubtful = { ...october, doubt: { kind: 'other-period', reason: 'of October' } } as const;
  expect(of(doubtful)).toMatchObject({ state: 'not-compared', reason: 'other period', billed: null });
  const sides = [side([line('1', '251', 'EDR', 9)], [], { day: '2026-10-01' })];
  const other = compared({ organizations: [A], outcomes: [workstations({ 1: 12 })], sides });
  expect(rowOf(other, 'a')).toMatchObject({ state: 'not-compared', reason: 'other period' });
});

test('2026-08: one-time charges were spread over months, and currencies added', () => {
  const lines = [
    line('1', '251', 'EDR', 10),
    line('2', '251', 'EDR', 1, { kind: 'other', price: { amount: '1200', months: 1 } }),
    line('3', '252', 'EDR', 1, { currency: 'EUR' }),
  ];
  const naive = lines.reduce((money, each) => money + units(each) * Number(each.price?.amount), 0);
  expect(naive).toBe(1244);
  const organizations = [A, B];
  const { totals, rows } = compared({ organizations, outcomes: [workstations({ 1: 12, 2: 3 })], sides: [side(lines)] });
  expect(totals.map(({ currency, underBilled }) => [currency, underBilled])).toEqual([
    ['EUR', '8.00'],
    ['USD', '8.00'],
  ]);
  expect(rows.find(({ companyId }) => companyId === 'a')?.note).toBe('line 2 (1): not recurring');
});

test('2026-08: a price that nobody gave was shown as 0, and the loss was worth nothing', () => {
  const { price: _, ...unpriced } = line('1', '251', 'EDR', 10);
  const naive = (12 - units(unpriced)) * Number('price' in unpriced ? unpriced.price : 0);
  expect(naive).toBe(0);
  const result = compared({ organizations: [A], outcomes: [workstations({ 1: 12 })], sides: [side([unpriced])] });
  expect(rowOf(result, 'a')).toMatchObject({ state: 'under-billed', unitPrice: null, moneyDifference: null });
  expect(result.totals).toMatchObject([{ underBilled: '0.00' }]);
});

test('2026-08: a cost was shown as the price, and the loss was that of the wrong side', async () => {
  const rows = [{ product: 'MGD-EDR', quantity: 10, unitPrice: null, unitCost: 2.1 }];
  const naive = rows.map(({ quantity, unitPrice, unitCost }) => (12 - quantity) * (unitPrice ?? unitCost));
  expect(naive).toEqual([4.2]);
  const { lines } = await readAll(sourceRig(connectwise, connectWisePsa), {
    before: ({ path }) => {
      if (!path.endsWith('/additions')) return undefined;
      const id = Number(/(\d+)\/additions$/u.exec(path)?.[1]);
      const product = { id: 95, identifier: 'MGD-EDR' };
      const addition = { ...rows[0], id, agreementId: id, product, billCustomer: 'Billable' };
      return { status: 200, body: [addition] };
    },
  });
  expect(lines[0]).toMatchObject({ quantity: { value: '10' } });
  expect(lines[0]).not.toHaveProperty('price');
  const csv = 'Company,Product,Quantity,Cost\nA,EDR,10,2.10';
  const settingsOfFile = fileShape([]).parse({ file: 'billed.csv', currency: 'USD' });
  const period = periodOf('current', '2026-11-22');
  const file = { bytes: new TextEncoder().encode(csv), modified: '2026-11-22', settings: settingsOfFile, period };
  const result = compared({
    organizations: [company('a', { agents: ['1'], 'billed-csv': ['A'] })],
    outcomes: [workstations({ 1: 12 })],
    sides: [readBilledCsv({ ...file, today: '2026-11-22', timeZone: 'UTC' })],
    billing: settings({ source: { file: 'billed.csv' } }),
  });
  expect(rowOf(result, 'a')).toMatchObject({ state: 'under-billed', unitPrice: null, moneyDifference: null });
});

test('2026-08: two commands had two thresholds, and disagreed on one customer', () => {
  const list = (difference: number) => difference > 0;
  const audit = (difference: number) => difference > 1;
  expect(list(1)).not.toBe(audit(1));
  const result = compared({
    organizations: [A],
    outcomes: [workstations({ 1: 12 })],
    sides: [side([line('1', '251', 'EDR', 11)])],
  });
  expect(rowOf(result, 'a')).toMatchObject({ state: 'under-billed', difference: '1', moneyDifference: '4.00' });
  expect(reconciliationCsv(result)).toContain(',under-billed,12,12,11,1,4.00,4.00,USD,');
});

test('2026: a list read in part was taken for the whole, and what was missing looked removed', () => {
  const lines = [line('1', '251', 'EDR', 5)];
  expect(12 - units(firstLine(lines, '251'))).toBe(7);
  const failure = { error: 'VendorUnavailableError', message: 'the second page was not answered' } as const;
  const customers = [{ id: '251', name: 'A', aliases: [], failure }];
  const sides = [side(lines, [], { status: 'partial', customers })];
  const result = compared({ organizations: [A], outcomes: [workstations({ 1: 12 })], sides });
  expect(rowOf(result, 'a')).toMatchObject({ reason: 'billed side failed (VendorUnavailableError)', billed: null });
});

test('2026: a quantity of weeks ago was shown as that of today', () => {
  const file = {
    bytes: new TextEncoder().encode('Company,Product,Quantity\nA,EDR,12'),
    modified: '2026-10-30T08:00:00Z',
    settings: fileShape([]).parse({ file: 'billed.csv' }),
    today: '2026-11-22',
    period: periodOf('current', '2026-11-22'),
    timeZone: 'UTC',
  };
  const naive = new TextDecoder().decode(file.bytes).split('\n')[1];
  expect(naive).not.toMatch(/2026/u);
  const organizations = [company('a', { agents: ['1'], 'billed-csv': ['A'] })];
  const billing = settings({ source: { file: 'billed.csv' } });
  const result = compared({
    organizations,
    outcomes: [workstations({ 1: 12 })],
    sides: [readBilledCsv(file)],
    billing,
  });
  expect(rowOf(result, 'a')).toMatchObject({
    billedFrom: ['billed.csv of 2026-10-30'],
    note: 'row 2: billed.csv is 23 days old (of 2026-10-30)',
  });
});

test('2024: the export of all customers had other columns than that of one', () => {
  const rows = [
    { Company: 'A', Billed: 1 },
    { Company: 'B', Reason: 'failed' },
  ];
  expect(Object.keys(rows[0] ?? {})).not.toEqual(Object.keys(rows[1] ?? {}));
  const header = (organizations: (typeof A)[], lines: BilledLine[]) =>
    reconciliationCsv(compared({ organizations, outcomes: [], sides: [side(lines)] })).split('\r\n')[0];
  expect(header([A], [])).toBe(header([A, B], [line('1', '251', 'EDR', 1)]));
});

test('2025-07: nested values arrived as "System.Object[]"', () => {
  const agreements = [{ id: '310', name: 'Managed' }];
  expect(String(agreements)).toBe('[object Object]');
  const lines = [line('1', '251', 'EDR', 7), line('2', '251', 'EDR', 5, { agreement: { id: '311', name: 'Cloud' } })];
  const csv = reconciliationCsv(
    compared({ organizations: [A], outcomes: [workstations({ 1: 12 })], sides: [side(lines)] }),
  );
  expect(csv).toContain(',"Managed; Cloud",EDR by name (EDR),"1; 2",');
  expect(csv).not.toContain('object');
});

test('2026-09: what was put aside came back every day, for its key held a text that changed', () => {
  const key = (name: string, days: number) => `${name}: term ends in ${days} days`;
  expect(new Set([key('A', 12)]).has(key('A', 11))).toBe(false);
  const billing = settings({
    services: [{ id: 'edr', name: 'Another name of EDR', counts: [W], products: ['EDR'] }],
    exceptions: [exception({ kind: 'ignore' })],
  });
  const organizations = [{ ...A, name: 'Renamed' }];
  const sides = [side([line('1', '251', 'EDR', 5)])];
  const result = compared({ organizations, outcomes: [workstations({ 1: 12 })], sides, billing });
  expect(rowOf(result, 'a').state).toBe('ignored');
});

test('an id of one system was used where that of another belongs', () => {
  const ids = new Map([['251', 'a']]);
  expect(ids.get(line('1', '251', 'EDR', 12).customer.id)).toBe('a');
  const organizations = [company('a', { agents: ['251'], halopsa: ['251'] })];
  const result = compared({
    organizations,
    outcomes: [workstations({ 251: 12 })],
    sides: [side([line('1', '251', 'EDR', 12)])],
  });
  expect(result.rows.map(({ companyId, reason }) => [companyId, reason])).toEqual([
    ['a', `no id at ${PSA}`],
    [null, 'customer that no company claims'],
  ]);
});

test('only what was counted was looked up, and what is billed without a count was never seen', () => {
  const lines = [line('1', '251', 'EDR', 12), line('2', '252', 'EDR', 8), line('3', '252', 'BACKUP', 1)];
  const counts = new Map([['251', 12]]);
  const naive = [...counts].map(([customer, counted]) => counted - units(firstLine(lines, customer)));
  expect(naive).toEqual([0]);
  const organizations = [A, B];
  const result = compared({ organizations, outcomes: [workstations({ 1: 12, 2: 0 })], sides: [side(lines)] });
  expect(rowOf(result, 'b')).toMatchObject({ state: 'billed-not-counted', billed: '8', difference: '-8' });
  expect(result.rows.flatMap((row) => row.lines).sort()).toEqual(['1', '2', '3']);
});
