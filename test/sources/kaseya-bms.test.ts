import { describe, expect, it } from 'vitest';
import source from '../../lambdas/sources/kaseya-bms.ts';
import kaseyaBms from '../sandbox/psa-apis/kaseya-bms.ts';
import { jsonOf } from '../sandbox/vendor.ts';
import { sourceContract } from './contract.ts';
import { readAll, sourceRig } from './source-rig.ts';
import { type Answers, answering, failuresIn, inWords } from './worked-example.ts';

type Row = Record<string, unknown>;

const day = (written: string) => `${written}T00:00:00Z`;
const related = (id: number, serviceId: number, contractId: number, unitPrice: number, more: Row = {}): Row => ({
  ...{ id, serviceId, contractId, serviceName: NAMES.get(serviceId), unitPrice },
  ...(contractId === 61
    ? { contractName: 'Contoso Managed', accountId: 4410, accountName: 'Contoso Ltd' }
    : { contractName: 'Fabrikam Cloud', accountId: 4522, accountName: 'Fabrikam Inc' }),
  ...{ effectiveDate: day('2024-01-01'), contractStartDate: day('2024-01-01'), contractEndDate: day('2028-12-31') },
  ...more,
});
const contract = (id: number, contractBillingPrice: number | null, more: Row = {}): Row => ({
  ...{ id, contractName: `contract ${id}`, contractBillingPrice, status: 'Active', billingCycle: 'Monthly' },
  ...more,
});
const invoice = (id: number, month: string, totalPrice: number, more: Row = {}): Row => ({
  ...{ id, statusName: 'Sent', accountId: 4410, accountName: 'Contoso Ltd', totalPrice },
  ...{ invoiceDate: day(`${month}-01`), invoiceFrom: day(`${month}-01`), invoiceTo: day(`${month}-30`) },
  ...more,
});
const onBill = (id: number, invoiceId: number, name: string, qty: number, unitPrice: number, more: Row = {}): Row => ({
  ...{ id, invoiceId, name, qty, unitPrice, totalPrice: qty * unitPrice, contractId: 61 },
  ...more,
});
const NAMES = new Map([
  [88, 'Managed Workstation'],
  [91, 'Email Security'],
  [95, 'EDR Agent'],
  [97, 'Microsoft 365 Business Premium'],
]);

const WORKSTATION = related(5001, 88, 61, 35);
const BRANCH = related(5002, 88, 61, 30, {
  serviceName: 'Managed Workstation (branch)',
  effectiveDate: day('2026-06-01'),
});
/** The worked example: November is billed, December is compared. */
const EXAMPLE = {
  contracts: [contract(61, 1560), contract(72, 550)],
  related: [
    WORKSTATION,
    BRANCH,
    related(5104, 95, 72, 0, { effectiveDate: day('2025-03-01') }),
    related(5105, 97, 72, 22, { effectiveDate: day('2027-01-01') }),
  ],
  invoices: [invoice(8801, '2026-11', 1560), invoice(8702, '2026-10', 160)],
  lines: [
    onBill(1, 8801, 'Managed Workstation', 42, 35),
    onBill(2, 8801, 'managed  workstation (Branch)', 3, 30),
    onBill(3, 8702, 'Email Security', 40, 4),
  ],
};
/** One service, billed in November. */
const ALONE = {
  related: [WORKSTATION],
  contracts: [contract(61, 1470)],
  invoices: [invoice(8801, '2026-11', 1470)],
  lines: [onBill(1, 8801, 'Managed Workstation', 42, 35)],
};

const found = (result: Row[], more: Row = {}) => ({ success: true, result, ...more });

function tenant({ contracts, related: services, invoices, lines }: typeof EXAMPLE): Answers {
  const catalog = [...NAMES].map(([id, name]) => ({ id, name }));
  return {
    'GET /v2/crm/accounts/summary': found([{ id: 4410, accountName: 'Contoso Ltd' }], { totalRecords: 1 }),
    'GET /v2/finance/contracts/summary': found(contracts, { totalRecords: contracts.length }),
    'POST /v2/admin/finance/services/search': found(catalog, { totalRecords: catalog.length }),
    ...Object.fromEntries(
      catalog.map(({ id }) => {
        const ofService = services.filter(({ serviceId }) => serviceId === id);
        const path = `POST /v2/admin/finance/services/${id}/relatedservices/search`;
        return [path, found(ofService, { totalRecords: ofService.length })];
      }),
    ),
    'GET /v2/finance/invoices/summary': found(invoices),
    'POST /v2/finance/invoices/details': (request) => found(Object(jsonOf(request)).PageNumber === 1 ? lines : []),
  };
}

const read = (more: Partial<typeof EXAMPLE> = {}, options: Row = {}, month = '2026-12') =>
  readAll(sourceRig(source, kaseyaBms), {
    month,
    options: { currency: 'USD', ...options },
    before: answering(tenant({ ...EXAMPLE, ...more })),
  });
const only = async (more: Partial<typeof EXAMPLE>, options: Row = {}, month = '2026-12') =>
  (await read({ ...ALONE, ...more }, options, month)).lines[0];

describe('Kaseya BMS as a source of billed lines', () => {
  // Login, accounts, contracts, catalogue, nine services of it, invoices, and their lines until a page is empty.
  sourceContract({
    rig: () => sourceRig(source, kaseyaBms),
    calls: 18,
    knowsFree: false,
    hides: ({ free }) => free === true,
  });

  it('reads the worked example', async () => {
    const side = await read();
    expect(inWords(side)).toEqual([
      'Contoso Ltd: Managed Workstation, 3, at 30 USD, from 2026-06-01, to 2028-12-31, invoiced',
      'Contoso Ltd: Managed Workstation, 42, at 35 USD, from 2024-01-01, to 2028-12-31, invoiced',
      'Fabrikam Inc: EDR Agent, unknown (it is on no bill, and the contract shows no units), at 0 USD, from 2025-03-01, to 2028-12-31, not charged, unknown',
      'Fabrikam Inc: Microsoft 365 Business Premium, 25, at 22 USD, from 2027-01-01, to 2028-12-31, derived',
    ]);
    const branch = side.lines.find(({ id }) => id === '5002');
    expect(branch?.notes).toEqual([
      "by the bill of 2026-11-01 to 2026-11-30, which the contract's price confirms",
      'called "Managed Workstation (branch)" on the contract',
    ]);
  });

  it('believes a bill of the period without further proof', async () => {
    const line = await only({ contracts: [contract(61, 1)] }, {}, '2026-11');
    expect(line).toMatchObject({ quantity: { value: '42' }, notes: [] });
    expect(line?.doubt).toBeUndefined();
  });

  it.each([{ price: 1505 }, { price: null }])(
    "treats an earlier bill as stale if the contract's price is $price",
    async ({ price }) => {
      const line = await only({ contracts: [contract(61, price)] });
      expect(line?.doubt).toMatchObject({
        kind: 'other-period',
        reason: expect.stringContaining('42 units on the bill'),
      });
    },
  );

  it('uses the full line among pro rata parts, and no number if none or two are full', async () => {
    const part = onBill(2, 8801, 'Managed Workstation', 3, 35, { totalPrice: 70 });
    const invoices = (total: number) => [invoice(8801, '2026-11', total)];
    const withPart = await only({ lines: [...ALONE.lines, part], invoices: invoices(1540) });
    expect(withPart?.quantity).toEqual({ value: '42' });
    const another = onBill(2, 8801, 'Managed Workstation', 3, 35);
    const twoFull = await only({ lines: [...ALONE.lines, another], invoices: invoices(1575) });
    expect(twoFull).toMatchObject({ quantity: { unknown: expect.stringContaining('2 lines') } });
    const partAlone = await only({ lines: [part], invoices: invoices(70) });
    expect(partAlone).toMatchObject({ quantity: { unknown: expect.any(String) }, quantitySource: 'unknown' });
  });

  it('takes no pro rata part for the whole, although its own price fits', async () => {
    const discounted = onBill(1, 8801, 'Managed Workstation', 42, 35, { totalPrice: 1400 });
    const part = onBill(2, 8801, 'Managed Workstation', 3, 14, { valueDate: day('2026-11-19') });
    const invoices = (total: number) => [invoice(8801, '2026-11', total)];
    for (const [lines, total] of [[[discounted, part], 1442] as const, [[part], 42] as const]) {
      const line = await only({ lines: [...lines], invoices: invoices(total) }, {}, '2026-11');
      expect(line).toMatchObject({ quantity: { unknown: expect.any(String) }, quantitySource: 'unknown' });
    }
  });

  it('reads the whole of a service whose price was changed since its bill', async () => {
    const line = await only({ related: [related(5001, 88, 61, 40)], contracts: [contract(61, 1680)] });
    expect(line).toMatchObject({ quantity: { value: '42' }, price: { amount: '40' } });
  });

  it('confirms no free units by the price of the contract', async () => {
    const free = related(5104, 95, 61, 0);
    const lines = [...ALONE.lines, onBill(2, 8801, 'EDR Agent', 18, 0)];
    const side = await read({ ...ALONE, related: [WORKSTATION, free], lines });
    const doubts = side.lines.map(({ quantity, doubt }) => ({ quantity, doubt: doubt?.kind }));
    expect(doubts).toEqual([
      { quantity: { value: '42' }, doubt: undefined },
      { quantity: { value: '18' }, doubt: 'other-period' },
    ]);
  });

  it('reads no number for two services with the same name on the contract', async () => {
    const { lines } = await read({ related: [WORKSTATION, { ...WORKSTATION, id: 5003 }] });
    expect(lines.slice(0, 2).map(({ quantity }) => 'unknown' in quantity)).toEqual([true, true]);
  });

  it.each([
    { what: 'several priced services', more: { related: [WORKSTATION, BRANCH] } },
    { what: 'a price that is no multiple', more: { contracts: [contract(61, 1471)] } },
    { what: 'no price of the contract', more: { contracts: [contract(61, null)] } },
  ])('derives no number from $what', async ({ more }) => {
    expect((await only({ invoices: [], lines: [], ...more }))?.quantitySource).toBe('unknown');
  });

  it('lists what is charged besides the services, and does not compare it', async () => {
    const fee = onBill(9, 8801, 'Onboarding', 1, 90);
    const { lines } = await read({
      ...ALONE,
      lines: [...ALONE.lines, fee],
      invoices: [invoice(8801, '2026-11', 1560)],
    });
    expect(lines[1]).toMatchObject({ product: { name: 'Onboarding' }, kind: 'other', amount: '90' });
  });

  it('uses the bill of the period, and not a later one that was made in advance', async () => {
    const next = {
      ...{ invoiceDate: day('2026-12-15'), invoiceFrom: day('2027-01-01'), invoiceTo: day('2027-01-31') },
    };
    const line = await only({
      contracts: [contract(61, 1540)],
      invoices: [invoice(8801, '2026-12', 1470), invoice(8901, '2027-01', 1540, next)],
      lines: [...ALONE.lines, onBill(2, 8901, 'Managed Workstation', 44, 35)],
    });
    expect(line).toMatchObject({ quantity: { value: '42' }, notes: [] });
  });

  it('lists what is charged in the period for a contract of which no service is listed', async () => {
    const side = await read({
      related: [],
      invoices: [invoice(8801, '2026-12', 1470), invoice(8702, '2026-10', 160)],
      lines: EXAMPLE.lines.filter(({ id }) => id !== 2),
    });
    expect(inWords(side)).toEqual([
      'Contoso Ltd: Managed Workstation, 42, from 2026-12-01, to 2026-12-30, not recurring, invoiced',
    ]);
  });

  it('reads bills as far back as the longest cycle', async () => {
    const line = await only({
      contracts: [contract(61, 1470, { billingCycle: 'Yearly' })],
      invoices: [invoice(8801, '2026-03', 1470)],
    });
    expect(line).toMatchObject({ quantity: { value: '42' }, price: { months: 12 } });
  });

  it('leaves out drafts and voided invoices, or those that the configuration does not name', async () => {
    const draft = [invoice(8801, '2026-11', 1470, { statusName: 'Draft' })];
    expect((await only({ invoices: draft, contracts: [contract(61, null)] }))?.quantitySource).toBe('unknown');
    const side = await read(ALONE, { invoiceStatuses: ['Paid'] });
    expect(side.notes).toContain('1 invoice left out for the status');
    expect((await only({ invoices: draft }, { invoiceStatuses: ['draft'] }))?.quantitySource).toBe('invoiced');
  });

  it.each([{ status: 'Pending' }, { status: null }])('doubts a contract whose status is %j', async (more) => {
    expect((await only({ contracts: [contract(61, 1470, more)] }))?.doubt?.kind).toBe('ambiguous');
  });

  it('reads no monthly price if the cycle is an unknown word', async () => {
    const line = await only({ contracts: [contract(61, 1470, { billingCycle: 'Monatlich' })] });
    expect(line?.price).toBeUndefined();
  });

  it('loses only one account’s lines if a bill does not add up', async () => {
    const side = await read({ ...ALONE, invoices: [invoice(8801, '2026-11', 1500)] });
    expect(side.customers).toMatchObject([{ id: '4410', failure: { error: 'VendorContractError' } }]);
  });

  it('loses only one account’s lines if a bill has none', async () => {
    const bills = [...ALONE.invoices, invoice(8900, '2026-11', 90, { accountId: 4522, accountName: 'Fabrikam Inc' })];
    const side = await read({ ...ALONE, invoices: bills });
    expect(failuresIn(side)).toEqual({ '4522': 'Kaseya BMS: no lines of invoice 8900' });
  });

  const FABRIKAM = { accountId: 4522, accountName: 'Fabrikam Inc' };

  it.each([
    { what: 'service', more: { related: [WORKSTATION, related(5104, 95, 72, 2, { effectiveDate: 'soon' })] } },
    {
      what: 'invoice',
      more: { invoices: [...ALONE.invoices, invoice(8900, '2026-11', 90, { ...FABRIKAM, invoiceTo: 'later' })] },
    },
    {
      what: 'line of an invoice',
      more: {
        invoices: [...ALONE.invoices, invoice(8900, '2026-11', 90, FABRIKAM)],
        lines: [...ALONE.lines, onBill(9, 8900, 'EDR Agent', 9, 10, { qty: 'nine' })],
      },
    },
  ])('loses only one account’s lines for one $what that is not as documented', async ({ more }) => {
    const side = await read({ ...ALONE, ...more });
    expect(failuresIn(side)).toEqual({ '4522': expect.stringMatching(/^Kaseya BMS .*: expected/u) });
    expect(side.lines.find(({ id }) => id === '5001')?.quantity).toEqual({ value: '42' });
  });

  it('doubts what is on a contract that is not as documented', async () => {
    const line = await only({ contracts: [contract(61, 1470, { contractName: null })] });
    expect(line?.doubt).toMatchObject({ kind: 'ambiguous', reason: expect.stringContaining('not listed') });
  });

  it('does not add up what nobody had to pay', async () => {
    const side = await read({ ...ALONE, invoices: [invoice(8801, '2026-11', 0, { statusName: 'Void' })] });
    expect(side.customers).toMatchObject([{ id: '4410' }]);
    expect(side.status).toBe('collected');
  });

  it('refuses lines without an invoice', async () => {
    await expect(read({ ...ALONE, invoices: [] })).rejects.toMatchObject({ name: 'VendorContractError' });
  });

  it('also reads fields by their names in the documentation', async () => {
    const made = sourceRig(source, (msp, now) => {
      const server = kaseyaBms(msp, now);
      server.habits.pascal = true;
      return server;
    });
    expect((await readAll(made)).lines.length).toBeGreaterThan(100);
  });
});
