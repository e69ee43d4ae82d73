import { describe, expect, it } from 'vitest';
import source from '../../lambdas/sources/halopsa.ts';
import { demoAgreements } from '../sandbox/agreements.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import haloPsa from '../sandbox/psa-apis/halopsa.ts';
import { sourceContract, standing } from './contract.ts';
import { readAll, sourceRig } from './source-rig.ts';
import { answering, failuresIn, inWords } from './worked-example.ts';

type Row = Record<string, unknown>;

const NEVER = '1900-01-01T00:00:00';
const line = (id: number, more: Row): Row => ({
  id,
  isinactive: false,
  onetimecharge: false,
  startdate: '2024-01-01T00:00:00',
  enddate: NEVER,
  recurring_invoice_quantity_type: 0,
  prorata_data: [],
  ...more,
});
const WORKSTATIONS = { _itemid: 88, item_code: 'MGD-WKS', unit_cost: 9 };
const MANAGED = line(9001, { ...WORKSTATIONS, qty_order: 42, unit_price: 35, net_amount: 1470 });
const BRANCH = line(9002, {
  ...{ ...WORKSTATIONS, qty_order: 3, unit_price: 30, net_amount: 90 },
  startdate: '2026-06-01T00:00:00',
});
const MAIL = line(9003, {
  ...{ _itemid: 91, item_code: 'MAIL-SEC', qty_order: 40, unit_price: 4, net_amount: 160 },
  isinactive: true,
  enddate: '2026-10-31T00:00:00',
});
const EDR = line(9104, {
  ...{ _itemid: 95, item_code: 'EDR-AGENT', qty_order: 18, unit_price: 0, net_amount: 0 },
  startdate: '2025-03-01T00:00:00',
});
const BUSINESS_PREMIUM = line(9105, {
  ...{ _itemid: 97, item_code: 'M365-BP', qty_order: 25, unit_price: 22, net_amount: 550 },
  startdate: '2027-01-01T00:00:00',
});
const CONTOSO = {
  ...{ id: 771, client_id: 12, client_name: 'Contoso Ltd', name: 'Managed Services', disabled: false },
  ...{ startdate: '2024-01-01T00:00:00', enddate: NEVER, nextcreationdate: '2026-12-01T00:00:00', period: 3 },
  ...{ currency_code: 1, revenue: 1560 },
};
const FABRIKAM = { ...CONTOSO, id: 802, client_id: 19, client_name: 'Fabrikam Inc', name: 'Cloud', revenue: 0 };

/** Reads the given recurring invoices for December 2026. */
const read = (
  invoices: Row[],
  { month = '2026-12', bare = false, ...options }: Row & { month?: string; bare?: boolean } = {},
) =>
  readAll(sourceRig(source, haloPsa), {
    month,
    options: { currency: 'USD', ...options },
    before: answering({
      'GET /api/Client': { record_count: 1, clients: [{ id: 12, name: 'Contoso Ltd', inactive: false }] },
      'GET /api/RecurringInvoice': ({ query }) => {
        const rows = query.get('page_no') === '1' ? invoices : [];
        return bare ? rows : { record_count: invoices.length, invoices: rows };
      },
    }),
  });
const contosoWith = (...lines: Row[]) => read([{ ...CONTOSO, lines }]);

/** An instance whose list brings no lines. */
const withoutLines = () =>
  sourceRig(source, (msp, now) => {
    const server = haloPsa(msp, now);
    server.habits.listsLines = false;
    return server;
  });

describe('HaloPSA as a source of billed lines', () => {
  // The token, the clients, and the recurring invoices on one page.
  sourceContract({ rig: () => sourceRig(source, haloPsa), calls: 3, knowsFree: false, pieces: withoutLines });

  it('reads every page of a larger MSP', async () => {
    const msp = demoMsp(120);
    const made = sourceRig(source, haloPsa, msp);
    const { receipt, lines } = await readAll(made);
    expect(receipt.lists.map(({ pages }) => pages)).toEqual([2, 3]);
    const agreements = demoAgreements(msp, made.clock.now());
    expect(lines).toHaveLength(agreements.reduce((sum, agreement) => sum + agreement.lines.length, 0));
  });

  it('reads each recurring invoice by itself if the list has no lines', async () => {
    const made = withoutLines();
    const side = await readAll(made);
    const whole = await readAll(sourceRig(source, haloPsa));
    const idsOf = (read: typeof side) =>
      standing(read)
        .map(({ id }) => id)
        .sort();
    expect(idsOf(side)).toEqual(idsOf(whole));
    expect(made.requests).toHaveLength(3 + demoAgreements(made.msp, made.clock.now()).length);
  });

  it('reads the worked example', async () => {
    const side = await read([
      { ...CONTOSO, lines: [MANAGED, BRANCH, MAIL] },
      { ...FABRIKAM, lines: [EDR, BUSINESS_PREMIUM] },
    ]);
    expect(inWords(side)).toEqual([
      'Contoso Ltd: MGD-WKS, 3, at 30 USD, from 2026-06-01',
      'Contoso Ltd: MGD-WKS, 42, at 35 USD, from 2024-01-01',
      'Fabrikam Inc: EDR-AGENT, 18, at 0 USD, from 2025-03-01, not charged',
      'Fabrikam Inc: M365-BP, 25, at 22 USD, from 2027-01-01',
    ]);
    expect(side.notes).toEqual([
      'Contoso Ltd: 1 inactive line left out',
      expect.stringContaining('not checked against the revenue'),
    ]);
  });

  it('adds a pending change as of its day, and mentions it before', async () => {
    const pending = { date: '2026-12-16T00:00:00', quantity: 2, isinvoiced: false };
    const invoices = [{ ...CONTOSO, lines: [{ ...MANAGED, prorata_data: [pending] }] }];
    const [now] = (await read(invoices)).lines;
    const [next] = (await read(invoices, { month: '2027-01' })).lines;
    expect([now?.quantity, next?.quantity]).toEqual([{ value: '42' }, { value: '44' }]);
    expect([now?.notes, next?.notes]).toEqual(Array(2).fill(['2 pending from 2026-12-16, next to 42']));
    expect(now?.amount).toBeUndefined();
  });

  it.each([
    { what: 'a pending change without a quantity', more: { prorata_data: [{ date: '2026-11-16T00:00:00' }] } },
    { what: 'no quantity', more: { qty_order: null } },
  ])('never takes $what for 0', async ({ more }) => {
    const side = await contosoWith({ ...MANAGED, ...more });
    expect(side.lines.map(({ quantity }) => quantity)).toEqual([{ unknown: expect.any(String) }]);
  });

  it.each([
    { more: { recurring_invoice_quantity_type: 3 }, quantitySource: 'calculated' },
    { more: { quantity_users: [{ id: 1 }] }, quantitySource: 'calculated' },
    { more: { quantity_custom: 'select count(*) from users' }, quantitySource: 'calculated' },
    { more: { quantity_subscriptions: [{ id: 1 }] }, quantitySource: 'synced' },
    { more: { prorata_data: null }, quantitySource: 'fixed' },
  ])('calls a quantity with $more $quantitySource', async ({ more, quantitySource }) => {
    const side = await contosoWith({ ...MANAGED, ...more });
    expect(side.lines.map((read) => read.quantitySource)).toEqual([quantitySource]);
  });

  it.each([{ onetimecharge: true }, { is_meter: true }, { is_bundled_line: true }])(
    'lists a line with %j and does not compare it',
    async (more) => {
      const side = await contosoWith({ ...MANAGED, ...more });
      expect(side.lines.map(({ kind }) => kind)).toEqual(['other']);
    },
  );

  it.each([
    { prices: { unit_price: null, net_amount: null }, isCharged: true },
    { prices: { unit_price: 0, net_amount: null }, isCharged: false },
    { prices: { unit_price: null, net_amount: 0 }, isCharged: false },
    { prices: { unit_price: 35, net_amount: 0 }, isCharged: true },
  ])('treats only a price of 0 as not charged: $prices', async ({ prices, isCharged }) => {
    const { lines } = await contosoWith({ ...MANAGED, ...prices });
    expect(lines.map(({ billable }) => billable)).toEqual([isCharged]);
  });

  it('leaves out headings, and keeps whatever costs money', async () => {
    const heading = line(1, { _itemid: 0, item_shortdescription: 'Services', qty_order: 0, net_amount: 0 });
    const fee = line(2, { _itemid: 0, item_shortdescription: 'Handling', qty_order: 1, unit_price: 9, net_amount: 9 });
    expect(inWords(await contosoWith(heading, fee))).toEqual(['Contoso Ltd: Handling, 1, at 9 USD, from 2024-01-01']);
  });

  it('leaves out a disabled recurring invoice with a remark', async () => {
    const side = await read([
      { ...CONTOSO, lines: [MANAGED] },
      { ...CONTOSO, id: 772, disabled: true, lines: [BRANCH] },
    ]);
    expect(side.lines.map(({ id }) => id)).toEqual(['9001']);
    expect(side.notes).toContain('1 recurring invoice disabled or voided: they bill nothing');
  });

  it('doubts a line that ends on the day of the invoice', async () => {
    const side = await contosoWith({ ...MANAGED, enddate: '2026-12-01T00:00:00' });
    expect(side.lines.map(({ doubt }) => doubt?.kind)).toEqual(['boundary']);
  });

  it.each([{ period: 4 }, { period: null }])('reads no price if the period is unknown: %j', async (more) => {
    const side = await read([{ ...CONTOSO, ...more, lines: [MANAGED] }]);
    expect(side.lines[0]).toMatchObject({ amount: '1470', notes: [expect.stringContaining('monthly price')] });
    expect(side.lines[0]?.price).toBeUndefined();
  });

  it('reads no monthly price for a line that is charged less often than its invoice', async () => {
    const side = await contosoWith({ ...MANAGED, line_periods: 3, net_amount: 0 });
    expect(side.lines[0]?.price).toBeUndefined();
    expect(side.lines[0]?.billable).toBe(true);
  });

  const DISAGREES =
    'recurring invoice "Managed Services": its lines add up to 1470.00, but HaloPSA gives a revenue of 1500.00';

  it('does not compare a client whose lines do not add up to the revenue', async () => {
    const side = await read([{ ...CONTOSO, revenue: 1500, lines: [MANAGED] }]);
    expect(side.customers).toMatchObject([{ id: '12', failure: { error: 'VendorContractError', message: DISAGREES } }]);
  });

  it('notes that and compares anyway if the configuration allows it', async () => {
    const side = await read([{ ...CONTOSO, revenue: 1500, lines: [MANAGED] }], { totalsDiffer: 'note' });
    expect([side.status, side.notes]).toEqual(['collected', [DISAGREES]]);
  });

  it.each([
    { onetimecharge: true },
    { quantity_licences: [{ id: 1 }] },
    { quantity_subscriptions: [{ id: 1 }] },
    { line_periods: 3 },
    { net_amount: null },
  ])('remarks that a revenue was not checked if a line has %j', async (more) => {
    const { status, notes } = await read([{ ...CONTOSO, revenue: 1500, lines: [{ ...MANAGED, ...more }] }]);
    expect([status, notes]).toEqual(['collected', [expect.stringContaining('not checked against the revenue')]]);
  });

  it('calls no recurring invoice in another currency by that of the settings', async () => {
    const side = await read([
      { ...CONTOSO, currency_code_name: 'Pound Sterling', lines: [MANAGED, BRANCH] },
      { ...FABRIKAM, lines: [EDR] },
    ]);
    expect(side.lines.map(({ currency }) => currency)).toEqual([undefined, undefined, 'USD']);
    expect(side.notes).toContainEqual(expect.stringContaining('2 lines have a price but no currency'));
  });

  it('uses the currency of the settings for recurring invoices without a name for theirs, if it can only be one', async () => {
    const fabrikamIn = (number: number) =>
      read([
        { ...CONTOSO, lines: [MANAGED] },
        { ...FABRIKAM, currency_code: number, lines: [EDR] },
      ]);
    expect((await fabrikamIn(1)).lines.map(({ currency }) => currency)).toEqual(['USD', 'USD']);
    expect((await fabrikamIn(2)).lines.map(({ currency }) => currency)).toEqual([undefined, undefined]);
  });

  it('remarks who pays for another client', async () => {
    const side = await read([{ ...CONTOSO, client_to_invoice_to_id: 40, lines: [MANAGED, BRANCH] }]);
    expect(side.lines[0]?.notes).toEqual(['invoiced to client 40']);
  });

  it.each([
    { what: 'recurring invoice', more: { enddate: 'never' }, at: 'enddate' },
    { what: 'line', more: { lines: [{ ...EDR, qty_order: 'many' }] }, at: 'lines.0.qty_order' },
  ])('loses only one client’s lines for a $what that is not as documented', async ({ more, at }) => {
    const side = await read([
      { ...CONTOSO, lines: [MANAGED, BRANCH] },
      { ...FABRIKAM, lines: [EDR], ...more },
    ]);
    expect(failuresIn(side)).toEqual({ '19': expect.stringContaining(`HaloPSA recurring invoice: ${at}: expected`) });
    expect(side.lines.map(({ id }) => id)).toEqual(['9001', '9002']);
  });

  it('compares nothing of two clients whose different lines have one id', async () => {
    const side = await read([
      { ...CONTOSO, lines: [MANAGED, BRANCH] },
      { ...FABRIKAM, lines: [{ ...EDR, id: 9001 }] },
      { ...FABRIKAM, id: 803, client_id: 20, client_name: 'Tailspin Toys', lines: [EDR] },
    ]);
    const message = 'two different lines have the id 9001';
    expect(failuresIn(side)).toEqual({ '12': message, '19': message });
    expect(side.lines.map(({ id }) => id)).toEqual(['9001', '9002', '9104']);
  });

  it('loses only one client’s lines if a recurring invoice has money and no line', async () => {
    const made = sourceRig(source, haloPsa);
    const side = await readAll(made, {
      before: ({ path, query }) => {
        if (path === '/api/RecurringInvoice/311') return { status: 200, body: { ...CONTOSO, id: 311, lines: [] } };
        if (path !== '/api/RecurringInvoice' || query.get('page_no') !== '1') return undefined;
        return { status: 200, body: { record_count: 1, invoices: [{ ...CONTOSO, id: 311, lines: null }] } };
      },
    });
    expect(side.customers.filter(({ failure }) => failure !== undefined)).toMatchObject([
      { id: '12', failure: { error: 'VendorContractError' } },
    ]);
  });

  it('reads a recurring invoice by itself if the list shows neither its lines nor its revenue', async () => {
    const listed = { ...CONTOSO, revenue: null, lines: [] };
    const whole = { ...CONTOSO, revenue: null, lines: [MANAGED] };
    const side = await readAll(sourceRig(source, haloPsa), {
      month: '2026-12',
      before: answering({
        'GET /api/RecurringInvoice': { record_count: 2, invoices: [listed, { ...FABRIKAM, lines: [EDR] }] },
        'GET /api/RecurringInvoice/771': whole,
        'GET /api/RecurringInvoice/802': { ...FABRIKAM, lines: [EDR] },
      }),
    });
    expect(side.lines.map(({ id }) => id).sort()).toEqual(['9001', '9104']);
  });

  it('reads a list that comes as bare rows', async () => {
    const { lines } = await read([{ ...CONTOSO, lines: [MANAGED] }], { bare: true });
    expect(lines).toHaveLength(1);
  });

  it('refuses a list whose second page repeats the first', async () => {
    const rows = Array.from({ length: 50 }, (_, id) => ({ ...CONTOSO, id, lines: [] }));
    await expect(
      readAll(sourceRig(source, haloPsa), {
        before: answering({ 'GET /api/RecurringInvoice': { record_count: 60, invoices: rows } }),
      }),
    ).rejects.toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('repeats rows') });
  });
});
