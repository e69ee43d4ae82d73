import { describe, expect, it } from 'vitest';
import { periodOf } from '../../lambdas/billing/period.ts';
import { lineOf } from '../../lambdas/sources/connectwise-psa/addition.ts';
import source from '../../lambdas/sources/connectwise-psa.ts';
import { demoAgreements } from '../sandbox/agreements.ts';
import connectWisePsa from '../sandbox/psa-apis/connectwise-psa.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { sourceContract } from './contract.ts';
import { readAll, sourceRig } from './source-rig.ts';
import { answering, failuresIn, inWords } from './worked-example.ts';

const rig = () => sourceRig(source, connectWisePsa);

type Row = Record<string, unknown>;

const AGREEMENT = {
  ...{ type: { id: 3, name: 'Managed Services' }, agreementStatus: 'Active', cancelledFlag: false },
  ...{ noEndingDateFlag: true, billingCycle: { id: 2, name: 'Monthly' }, nextInvoiceDate: '2026-12-01', billAmount: 0 },
};
const CONTOSO: Row = {
  ...{ ...AGREEMENT, id: 310, name: 'Contoso Managed', prorateFlag: false, startDate: '2024-01-01T00:00:00Z' },
  company: { id: 251, identifier: 'ContosoLtd', name: 'Contoso Ltd' },
};
const FABRIKAM: Row = {
  ...{ ...AGREEMENT, id: 322, name: 'Fabrikam Cloud', prorateFlag: true, startDate: '2025-03-01T00:00:00Z' },
  company: { id: 260, identifier: 'Fabrikam', name: 'Fabrikam Inc' },
};
const addition = (id: number, agreementId: number, more: Row): Row => ({
  ...{ id, agreementId, lessIncluded: 0, billCustomer: 'Billable', effectiveDate: '2024-01-01T00:00:00Z' },
  ...more,
});
const WORKSTATIONS = { product: { id: 88, identifier: 'MGD-WKS' } };
const MANAGED = addition(7001, 310, { ...WORKSTATIONS, quantity: 42, unitPrice: 35, extPrice: 1470 });
const BRANCH = addition(7002, 310, {
  ...{ ...WORKSTATIONS, quantity: 3, unitPrice: 30, extPrice: 90 },
  effectiveDate: '2026-06-01T00:00:00Z',
});
const MAIL = addition(7003, 310, {
  ...{ product: { id: 91, identifier: 'MAIL-SEC' }, quantity: 40, unitPrice: 4, extPrice: 160 },
  cancelledDate: '2026-10-31T00:00:00Z',
});
const CLOUD = [
  addition(7104, 322, {
    ...{ product: { id: 95, identifier: 'EDR-AGENT' }, quantity: 18, unitPrice: 0, extPrice: 0 },
    ...{ billCustomer: 'NoCharge', effectiveDate: '2025-03-01T00:00:00Z' },
  }),
  addition(7105, 322, {
    ...{ product: { id: 97, identifier: 'M365-BP' }, quantity: 25, unitPrice: 22, extPrice: 550 },
    effectiveDate: '2027-01-01T00:00:00Z',
  }),
];
const RECAP: Row = { id: 310, name: 'Contoso Managed', nextInvoiceAmount: 1560, nextInvoiceDate: '2026-12-01' };
const CLOUD_RECAP: Row = { id: 322, name: 'Fabrikam Cloud', nextInvoiceAmount: 0, nextInvoiceDate: '2026-12-01' };

type Given = {
  agreements?: Row[];
  contoso?: Row[];
  recaps?: Row[];
  managedProducts?: Row[];
  options?: Row;
  before?: (request: SandboxRequest) => SandboxResponse | undefined;
};

/** Reads the worked example for December 2026, changed as given. */
function read(given: Given = {}) {
  const { agreements = [CONTOSO, FABRIKAM], contoso = [MANAGED, BRANCH, MAIL], managedProducts = [] } = given;
  const at = 'GET /v2026_1/apis/3.0';
  const answers = answering({
    [`${at}/company/companies`]: [
      { id: 251, identifier: 'ContosoLtd', name: 'Contoso Ltd' },
      { id: 260, identifier: 'Fabrikam', name: 'Fabrikam Inc' },
    ],
    [`${at}/finance/agreements`]: agreements,
    [`${at}/finance/agreements/310/additions`]: contoso,
    [`${at}/finance/agreements/322/additions`]: CLOUD,
    [`${at}/finance/agreementrecap/`]: given.recaps ?? [RECAP, CLOUD_RECAP],
    [`${at}/company/managementItSolutions`]: [{ id: 21, name: 'RMM' }],
    [`${at}/company/managementItSolutions/21/managementProducts`]: managedProducts,
  });
  return readAll(rig(), {
    month: '2026-12',
    options: { currency: 'USD', ...given.options },
    before: (request) => given.before?.(request) ?? answers(request),
  });
}

const refusing =
  (path: RegExp) =>
  (request: SandboxRequest): SandboxResponse | undefined =>
    path.test(request.path) ? { status: 403, body: { code: 'Forbidden', message: 'no' } } : undefined;

describe('ConnectWise PSA as a source of billed lines', () => {
  const { msp, clock } = rig();
  // The codebase, companies, agreements, their recaps, which products an RMM counts, and one call for each agreement:
  // three of the demo's have a child.
  const calls = 4 + 2 + demoAgreements(msp, clock.now()).length + 3;
  sourceContract({ rig, calls, knowsFree: true });

  it('reads the worked example', async () => {
    const side = await read();
    expect(inWords(side)).toEqual([
      'Contoso Ltd: MAIL-SEC, 40, at 4 USD, from 2024-01-01, to 2026-10-31',
      'Contoso Ltd: MGD-WKS, 3, at 30 USD, from 2026-06-01',
      'Contoso Ltd: MGD-WKS, 42, at 35 USD, from 2024-01-01',
      'Fabrikam Inc: EDR-AGENT, 18, at 0 USD, from 2025-03-01, not charged',
      'Fabrikam Inc: M365-BP, 25, at 22 USD, from 2027-01-01',
    ]);
    expect([side.status, side.notes]).toEqual(['collected', []]);
  });

  it('agrees with every recap of the demo, including parents whose children are invoiced with them', async () => {
    const side = await readAll(rig());
    expect(side.customers.filter(({ failure }) => failure !== undefined)).toEqual([]);
    expect(side.notes.filter((note) => /total/u.test(note))).toEqual([]);
  });

  it('loses only one company’s lines for an agreement that is not as documented', async () => {
    const side = await read({ agreements: [CONTOSO, { ...FABRIKAM, endDate: 'never' }] });
    expect(failuresIn(side)).toEqual({ '260': 'ConnectWise PSA agreement: endDate: expected a date, YYYY-MM-DD' });
    expect(side.lines.map(({ id }) => id)).toEqual(['7001', '7002', '7003']);
  });

  it('refuses an agreement that does not show whose it is', async () => {
    const says = expect.stringMatching(/agreement: company: expected object, found null/u);
    await expect(read({ agreements: [CONTOSO, { ...FABRIKAM, company: null }] })).rejects.toMatchObject({
      ...{ name: 'VendorContractError', message: says },
    });
  });

  const DISAGREES =
    'agreement "Contoso Managed": its lines add up to 1560.00, but the ConnectWise invoice of 2026-12-01 is 1600.00';

  it.each([
    { what: 'has another amount', nextInvoiceAmount: 1600 },
    { what: 'has it as text', nextInvoiceAmount: '1600.00' },
    { what: 'has an adjustment that does not explain it', nextInvoiceAmount: 1600, adjustmentAmount: 7 },
  ])('does not compare a customer whose recap $what', async ({ what: _, ...more }) => {
    const side = await read({ recaps: [{ ...RECAP, ...more }] });
    expect(side.status).toBe('partial');
    expect(side.customers.filter(({ failure }) => failure !== undefined)).toMatchObject([
      { id: '251', failure: { error: 'VendorContractError', message: DISAGREES } },
    ]);
  });

  it('notes the difference and compares anyway if the configuration allows it', async () => {
    const side = await read({ recaps: [{ ...RECAP, nextInvoiceAmount: 1600 }], options: { totalsDiffer: 'note' } });
    expect([side.status, side.notes]).toEqual(['collected', expect.arrayContaining([DISAGREES])]);
  });

  it.each([
    { what: 'an adjustment explains it', recap: { nextInvoiceAmount: 1510, adjustmentAmount: -50 } },
    { what: 'it is of an agreement of another name', recap: { name: 'Contoso Backup', nextInvoiceAmount: 9 } },
    { what: 'the invoice is overdue, and lines that ended are not read', recap: { nextInvoiceDate: '2026-11-01' } },
    { what: 'its day is none', recap: { nextInvoiceAmount: 9, nextInvoiceDate: 'soon' } },
    { what: 'it has no amount', recap: { nextInvoiceAmount: null } },
    { what: 'a line began in the cycle before', line: { effectiveDate: '2026-11-10T00:00:00Z' }, amount: 9 },
    { what: 'a line ends in the cycle', line: { cancelledDate: '2026-12-10T00:00:00Z' }, amount: 9 },
    { what: 'a line has no price', line: { unitPrice: null, extPrice: null }, amount: 9 },
  ])('compares no total with lines where $what', async ({ recap = {}, line = {}, amount = 1560 }) => {
    const side = await read({
      recaps: [{ ...RECAP, nextInvoiceAmount: amount, ...recap }],
      contoso: [{ ...MANAGED, ...line }, BRANCH],
    });
    expect(side.status).toBe('collected');
  });

  it.each([
    { what: 'less what is free', nextInvoiceAmount: 1385 },
    { what: 'with what is free', nextInvoiceAmount: 1560 },
  ])('treats an amount $what as the same', async ({ nextInvoiceAmount }) => {
    const side = await read({
      recaps: [{ ...RECAP, nextInvoiceAmount }],
      contoso: [{ ...MANAGED, lessIncluded: 5 }, BRANCH],
    });
    expect(side.status).toBe('collected');
  });

  it('remarks that ConnectWise gives no recap, or none for some agreements', async () => {
    const refused = await read({ before: refusing(/agreementrecap/u) });
    expect(refused.notes).toEqual([
      expect.stringMatching(/^lines were not checked against a total, because ConnectWise.*HTTP 403/u),
    ]);
    const some = await read({ recaps: [RECAP] });
    expect(some.notes).toEqual(['1 agreement without a ConnectWise total to check against']);
  });

  it('marks a quantity that an RMM writes as synced, only on agreements of its type', async () => {
    const managedProducts = [
      { id: 1, agreementType: { id: 3 }, workstationProduct: { id: 88, identifier: 'MGD-WKS' } },
    ];
    const sourcesOf = async (given: Given) =>
      (await read(given)).lines.map(({ product, quantitySource }) => `${product.code} ${quantitySource}`).sort();
    const others = ['EDR-AGENT fixed', 'M365-BP fixed', 'MAIL-SEC fixed'];
    expect(await sourcesOf({ managedProducts })).toEqual([...others, 'MGD-WKS synced', 'MGD-WKS synced']);
    const ofAnotherType = managedProducts.map((row) => ({ ...row, agreementType: { id: 4 } }));
    expect(await sourcesOf({ managedProducts: ofAnotherType })).toEqual([...others, 'MGD-WKS fixed', 'MGD-WKS fixed']);
  });

  it('remarks that it is not allowed to read what an RMM writes', async () => {
    const side = await read({ before: refusing(/managementItSolutions/u) });
    expect(side.notes).toEqual([expect.stringMatching(/^which quantities another tool writes could not be read/u)]);
  });

  it('loses both companies if a child that is invoiced with a parent cannot be read', async () => {
    const side = await read({
      agreements: [CONTOSO, { ...FABRIKAM, parentAgreement: { id: 310 } }],
      before: refusing(/agreements\/322\/additions/u),
    });
    expect(side.customers.map(({ id, failure }) => [id, failure?.error])).toEqual([
      ['251', 'VendorAuthError'],
      ['260', 'VendorAuthError'],
    ]);
  });

  it('reads additions without the filter if ConnectWise refuses a null test on a date, which it tries only once', async () => {
    const made = rig();
    let refusals = 0;
    const side = await readAll(made, {
      before: ({ path, query }) => {
        if (!path.endsWith('/additions') || query.get('conditions') === null) return undefined;
        refusals += 1;
        return { status: 400, body: { code: 'InvalidCondition', message: 'The conditions are not valid.' } };
      },
    });
    expect(side.lines.length).toBeGreaterThan(100);
    expect(refusals).toBeLessThanOrEqual(5);
  });

  it('loses only one company’s lines if one agreement cannot be read', async () => {
    const made = rig();
    const side = await readAll(made, {
      before: ({ path }) =>
        path.endsWith('/agreements/311/additions')
          ? { status: 403, body: { code: 'Forbidden', message: 'no' } }
          : undefined,
    });
    expect(side.status).toBe('partial');
    expect(side.customers.filter(({ failure }) => failure !== undefined).map(({ id }) => id)).toEqual(['251']);
  });

  it.each([
    { billCustomer: 'Billable', billable: true, reason: undefined },
    { billCustomer: 'NoCharge', billable: false, reason: undefined },
    { billCustomer: 'OnHold', billable: true, reason: 'billCustomer says "OnHold"' },
  ])('reads $billCustomer, and does not treat an unknown word as free', ({ billCustomer, billable, reason }) => {
    const agreement = { id: 310, name: 'Managed', company: { id: 251, name: 'Contoso' }, startDate: null };
    const addition = {
      ...{ id: 7001, agreementId: 310, product: { id: 88, identifier: 'EDR' }, quantity: '12', billCustomer },
      ...{ lessIncluded: undefined, unitPrice: undefined, extPrice: undefined },
      ...{ effectiveDate: '2024-01-01', cancelledDate: null },
    };
    const open = { dateCancelled: null, endDate: null, billAmount: undefined, nextInvoiceDate: null };
    const read = lineOf(addition, {
      ...{ agreement: { ...agreement, ...open }, period: periodOf('2026-12', '2026-12-01') },
      ...{ currency: undefined, isSynced: false },
    });
    expect([read.billable, read.doubt?.reason]).toEqual([billable, reason]);
  });

  it.each([
    { dates: ['2026-12-03', '2026-12-03'], kind: 'other', doubt: undefined, what: 'a one-time fee' },
    { dates: ['2026-12-01', '2026-12-30'], kind: 'other', doubt: undefined, what: 'a one-time fee' },
    { dates: ['2026-12-01', '2026-12-31'], kind: 'recurring', doubt: 'ambiguous', what: 'that or units of one month' },
    { dates: ['2026-11-01', '2026-12-31'], kind: 'recurring', doubt: undefined, what: 'units' },
  ])('reads an addition of $dates as $what', async ({ dates: [effectiveDate, cancelledDate], kind, doubt }) => {
    const at = (day: string | undefined) => `${day}T00:00:00Z`;
    const replaced = { ...MANAGED, effectiveDate: at(effectiveDate), cancelledDate: at(cancelledDate) };
    const { lines } = await read({ contoso: [replaced], recaps: [CLOUD_RECAP] });
    const line = lines.find(({ id }) => id === '7001');
    expect([line?.kind, line?.doubt?.kind]).toEqual([kind, doubt]);
  });

  it.each([
    { agreementStatus: 'Active', more: {}, doubt: undefined },
    { agreementStatus: null, more: {}, doubt: undefined },
    { agreementStatus: 'Inactive', more: {}, doubt: 'by its dates it is billed, but its agreement is Inactive' },
    {
      agreementStatus: 'Expired',
      more: { noEndingDateFlag: false, endDate: '2026-12-15T00:00:00Z' },
      doubt: undefined,
    },
    { agreementStatus: 'Cancelled', more: { cancelledFlag: true, dateCancelled: '2026-12-09' }, doubt: undefined },
  ])('doubts an agreement that is $agreementStatus if no date says so: $more', async ({ doubt, more, ...status }) => {
    const { lines } = await read({ agreements: [{ ...CONTOSO, ...status, ...more }, FABRIKAM], recaps: [CLOUD_RECAP] });
    expect(lines.find(({ id }) => id === '7001')?.doubt?.reason).toBe(doubt);
  });

  it.each([
    { named: ['', null], currencies: ['USD', 'USD'] },
    { named: ['eur', null], currencies: ['EUR', 'USD'] },
    { named: ['dollars', 'Dollars'], currencies: ['USD', 'USD'] },
    { named: ['Euro', null], currencies: [undefined, 'USD'] },
    { named: ['Euro', 'GBP'], currencies: [undefined, 'GBP'] },
  ])('uses the currency of the settings only for agreements that can have no other: $named', async (given) => {
    const [contoso, fabrikam] = given.named.map((currencyCode) => ({ currency: { currencyCode } }));
    const { lines } = await read({
      agreements: [
        { ...CONTOSO, ...contoso },
        { ...FABRIKAM, ...fabrikam },
      ],
    });
    const currencyOf = (id: string) => lines.find((line) => line.id === id)?.currency;
    expect(['7001', '7105'].map(currencyOf)).toEqual(given.currencies);
  });

  it('treats a list without any line as a failure while companies are mapped', async () => {
    const empty = { status: 200, body: [] };
    await expect(
      readAll(rig(), { before: ({ path }) => (path.endsWith('/finance/agreements') ? empty : undefined) }),
    ).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('nothing that is billed'),
    });
  });
});
