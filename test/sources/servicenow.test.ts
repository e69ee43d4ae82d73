import { describe, expect, it } from 'vitest';
import source from '../../lambdas/sources/servicenow.ts';
import serviceNow from '../sandbox/psa-apis/servicenow.ts';
import { sourceContract } from './contract.ts';
import { readAll, sourceRig } from './source-rig.ts';
import { answering, inWords } from './worked-example.ts';

type Row = Record<string, string>;

const TABLE = 'sn_install_base_sold_product';
const sold = (number: string, name: string, quantity: string, unit: string, monthly: string, more: Row = {}): Row => ({
  ...{ sys_id: `a1f0${number}`, number, name, quantity, unit_net_price: unit, monthly_recurring_price: monthly },
  ...{ product: '', account: '251', 'account.name': 'Contoso Ltd', periodicity: 'monthly', parent: '' },
  ...{ start_date: '2024-01-01', end_date: '', state: 'active' },
  ...more,
});
const FABRIKAM = { account: '260', 'account.name': 'Fabrikam Inc' };
const EXAMPLE = [
  sold('SLPRD0002041', 'MGD-WKS', '42', '35', '1470'),
  sold('SLPRD0002042', 'MGD-WKS', '3', '30', '90', { start_date: '2026-06-01' }),
  sold('SLPRD0002043', 'MAIL-SEC', '40', '4', '160', { end_date: '2026-10-31', state: 'expired' }),
  sold('SLPRD0002104', 'EDR-AGENT', '18', '0', '0', { ...FABRIKAM, start_date: '2025-03-01' }),
  sold('SLPRD0002105', 'M365-BP', '25', '22', '550', {
    ...FABRIKAM,
    start_date: '2027-01-01',
    state: 'in_preparation',
  }),
];

const read = (rows: Row[], options: Record<string, unknown> = {}) =>
  readAll(sourceRig(source, serviceNow), {
    month: '2026-12',
    options: { currency: 'USD', ...options },
    before: answering({ [`GET /api/now/table/${options.table ?? TABLE}`]: { result: rows } }),
  });
const only = async (more: Row, options: Record<string, unknown> = {}) =>
  (await read([sold('1', 'MGD-WKS', '42', '35', '1470', more)], options)).lines[0];

describe('ServiceNow as an experimental source of billed lines', () => {
  // Companies, one row with all its columns, and the rows.
  sourceContract({ rig: () => sourceRig(source, serviceNow), calls: 3, knowsFree: false });

  it('states why it is experimental', () => {
    expect(source.experimental).toContain('no MSP is known');
  });

  it('reads the worked example', async () => {
    const side = await read(EXAMPLE);
    expect(inWords(side)).toEqual([
      'Contoso Ltd: MAIL-SEC, 40, at 4 USD, from 2024-01-01, to 2026-10-31',
      'Contoso Ltd: MGD-WKS, 3, at 30 USD, from 2026-06-01',
      'Contoso Ltd: MGD-WKS, 42, at 35 USD, from 2024-01-01',
      'Fabrikam Inc: EDR-AGENT, 18, at 0 USD, from 2025-03-01, not charged',
      'Fabrikam Inc: M365-BP, 25, at 22 USD, from 2027-01-01',
    ]);
    expect(side.lines[0]).toMatchObject({ id: 'SLPRD0002041', amount: '1470', notes: [] });
  });

  it.each([
    { quantity: '', unknown: 'the row has no quantity' },
    { quantity: '1,024', unknown: '"1,024" is not a number' },
  ])('never reads the quantity "$quantity" as 0', async ({ quantity, unknown }) => {
    expect((await only({ quantity }))?.quantity).toEqual({ unknown });
  });

  it('refuses a row without the column of the quantity', async () => {
    const { quantity, ...row } = EXAMPLE[0] ?? {};
    const rows = [EXAMPLE[0] ?? {}, { ...row, sys_id: 'b' }];
    await expect(read(rows)).rejects.toMatchObject({ name: 'VendorContractError' });
  });

  it('lists the columns found if a configured one is missing', async () => {
    const made = sourceRig(source, (msp, now) => {
      const server = serviceNow(msp, now);
      server.hideColumn(TABLE, 'quantity');
      return server;
    });
    await expect(readAll(made)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/shows no column quantity; its columns are account, .*unit_net_price/u),
    });
  });

  it('reads the MSP’s own table and columns', async () => {
    const row = { sys_id: 'x', u_customer: '251', u_product: 'MGD-WKS', u_seats: '7' };
    const none = { number: null, companyName: null, product: null, unitPrice: null, monthlyPrice: null, period: null };
    const columns = {
      ...{ ...none, from: null, to: null, state: null, parent: null },
      ...{ company: 'u_customer', productName: 'u_product', quantity: 'u_seats' },
    };
    const side = await read([row], { table: 'u_billing', columns });
    expect(inWords(side)).toEqual(['251: MGD-WKS, 7, from ever']);
  });

  it('keeps rows apart that have the same number, such as that of their contract', async () => {
    const rows = ['a', 'b', 'c'].map((sys_id) => sold('C-1061', 'MGD-WKS', '7', '35', '245', { sys_id }));
    const { lines } = await read([...rows, ...EXAMPLE.slice(1, 2)]);
    expect(lines.map(({ id, quantity }) => [id, quantity])).toEqual([
      ['a', { value: '7' }],
      ['b', { value: '7' }],
      ['c', { value: '7' }],
      ['SLPRD0002042', { value: '3' }],
    ]);
  });

  it('does not count a child in addition to its parent', async () => {
    const side = await read([...EXAMPLE, sold('9', 'MGD-WKS', '42', '35', '1470', { parent: 'a1f0' })]);
    expect(side.lines).toHaveLength(EXAMPLE.length);
    expect(side.notes).toEqual(['1 row below another one left out: its price includes them']);
  });

  it('checks rows against a condition that ServiceNow may have dropped', async () => {
    const side = await read(EXAMPLE, { where: { state: 'Active' } });
    expect(side.lines.map(({ product }) => product.name)).toEqual(['MGD-WKS', 'MGD-WKS', 'EDR-AGENT']);
  });

  it('explains why a table may be empty', async () => {
    await expect(read([])).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('product inventory'),
    });
  });

  it('uses the dates and mentions a state that disagrees', async () => {
    const line = await only({ state: 'expired' });
    expect(line?.notes).toEqual(['by its dates it is active, but its state is expired']);
  });

  it.each([
    { periodicity: 'quarterly', price: { amount: '35', months: 3 }, kind: 'recurring' },
    { periodicity: 'fortnightly', price: undefined, kind: 'recurring' },
    { periodicity: '', price: undefined, kind: 'other' },
  ])('reads a price for the periodicity "$periodicity"', async ({ periodicity, price, kind }) => {
    const line = await only({ periodicity });
    expect([line?.price, line?.kind, line?.amount]).toEqual([price, kind, undefined]);
  });

  it('doubts a row with an invalid date, and no other', async () => {
    expect(await only({ start_date: '2026-13-01' })).toMatchObject({
      ...{ from: null, to: null },
      doubt: { kind: 'ambiguous', reason: '"2026-13-01" is not a date: expected a day such as 2026-11-30' },
    });
  });

  it('shows a row without an account as a customer that no company can claim', async () => {
    const side = await read([...EXAMPLE, sold('9', 'MGD-WKS', '1', '1', '1', { account: '', 'account.name': '' })]);
    expect(side.lines).toHaveLength(EXAMPLE.length + 1);
    expect(side.lines.map(({ customer }) => customer)).toContainEqual({ id: 'no account', name: 'no account' });
  });
});
