import { describe, expect, it } from 'vitest';
import source from '../../lambdas/sources/ninjaone.ts';
import { demoAgreements } from '../sandbox/agreements.ts';
import ninjaOne from '../sandbox/psa-apis/ninjaone.ts';
import { sourceContract } from './contract.ts';
import { readAll, sourceRig } from './source-rig.ts';
import { answering, failuresIn, inWords } from './worked-example.ts';

type Row = Record<string, unknown>;

const rig = () => sourceRig(source, ninjaOne);
const LIST = '/v2/billing/agreements';

const product = (
  id: number,
  productId: number,
  name: string,
  quantity: number,
  unitPrice: number,
  more: Row = {},
): Row => ({
  ...{ id, productId, name, quantityType: 'MANUAL', quantity, unitPrice },
  ...more,
});
const AGREED = { status: 'ACTIVE', interval: 'MONTHLY', endDate: null, nextBillDate: '2026-12-01' };
const CONTOSO = { ...AGREED, id: 310, name: 'Contoso Managed', organizationId: 251, startDate: '2024-01-01' };
const WORKSTATION = product(7001, 88, 'MGD-WKS', 42, 35);
/** The worked example, in a shape that was made up: nobody has shown a real one. */
const EXAMPLE: Row[] = [
  {
    ...CONTOSO,
    products: [
      WORKSTATION,
      product(7002, 88, 'MGD-WKS', 3, 30, { startDate: '2026-06-01' }),
      product(7003, 91, 'MAIL-SEC', 40, 4, { endDate: '2026-10-31' }),
      { id: 7004, productId: 4, name: 'Managed device', quantityType: 'DEVICE_COUNT', unitPrice: 5 },
    ],
  },
  {
    ...{ ...AGREED, id: 322, name: 'Fabrikam Cloud', organizationId: 260, startDate: '2025-03-01' },
    products: [
      product(7104, 95, 'EDR-AGENT', 18, 0),
      product(7105, 97, 'M365-BP', 25, 22, { startDate: 1_798_761_600 }),
    ],
  },
];

const read = (agreements: Row[], list: object = agreements) =>
  readAll(rig(), {
    month: '2026-12',
    options: { currency: 'USD' },
    before: answering({
      'GET /v2/organizations': ({ query }) =>
        query.get('after') === null
          ? [
              { id: 251, name: 'Contoso Ltd' },
              { id: 260, name: 'Fabrikam Inc' },
            ]
          : [],
      [`GET ${LIST}`]: list,
      ...Object.fromEntries(agreements.map((agreement) => [`GET ${LIST}/${agreement.id}`, agreement])),
    }),
  });
/** Contoso's agreement with one product, of which members are replaced. */
const only = async (more: Row, agreed: Row = {}) =>
  read([{ ...CONTOSO, ...agreed, products: [{ ...WORKSTATION, ...more }] }]);

describe('NinjaOne as an experimental source of billed lines', () => {
  const { msp, clock } = rig();
  // The token, two pages of organizations, the agreements, and one call for each.
  sourceContract({ rig, calls: 4 + demoAgreements(msp, clock.now()).length, knowsFree: false });

  it('states why it is experimental', () => {
    expect(source.experimental).toContain('their answers are not documented');
  });

  it('asks only for the scope that reads', async () => {
    const made = rig();
    await readAll(made);
    const login = made.requests.find(({ path }) => path.endsWith('/token'));
    expect(new URLSearchParams(Buffer.from(login?.body ?? []).toString()).get('scope')).toBe('monitoring');
  });

  it('reads the worked example', async () => {
    expect(inWords(await read(EXAMPLE))).toEqual([
      'Contoso Ltd: MAIL-SEC, 40, at 4 USD, from 2024-01-01, to 2026-10-31',
      'Contoso Ltd: MGD-WKS, 3, at 30 USD, from 2026-06-01',
      'Contoso Ltd: MGD-WKS, 42, at 35 USD, from 2024-01-01',
      'Contoso Ltd: Managed device, unknown (calculated by NinjaOne), at 5 USD, from 2024-01-01, calculated',
      'Fabrikam Inc: EDR-AGENT, 18, at 0 USD, from 2025-03-01, not charged',
      'Fabrikam Inc: M365-BP, 25, at 22 USD, from 2027-01-01',
    ]);
  });

  it('reads fields under other names, also inside an object', async () => {
    const { unitPrice, name, productId, ...rest } = WORKSTATION;
    const products = [{ ...rest, product: { id: 88, name: 'MGD-WKS' }, price: 35 }];
    const { organizationId, status, ...agreed } = CONTOSO;
    const agreement = { ...agreed, organization: { id: 251 }, active: true, lineItems: products };
    const side = await read([agreement], { data: [agreement], total: 1 });
    expect(inWords(side)).toEqual(['Contoso Ltd: MGD-WKS, 42, at 35 USD, from 2024-01-01']);
  });

  it.each([
    {
      what: 'a quantity under another name',
      more: { quantity: undefined, qty: 42 },
      says: /expected quantity; .*qty/u,
    },
    { what: 'two prices that disagree', more: { price: 36 }, says: /unitPrice and price disagree/u },
    { what: 'no type of quantity', more: { quantityType: undefined }, says: /expected quantityType or/u },
    { what: 'a quantity in words', more: { quantity: 'many' }, says: /expected a number under quantity/u },
    { what: 'a day that is none', more: { startDate: 'soon' }, says: /is not a date/u },
  ])('loses only the customer’s lines for $what, and shows no values', async ({ more, says }) => {
    const side = await only(more);
    const failures = side.customers.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
    expect(failures).toEqual([{ error: 'VendorContractError', message: expect.stringMatching(says) }]);
    expect(failures[0]?.message).not.toContain('MGD-WKS');
  });

  it.each([
    { quantityType: 'SOFTWARE_LICENSES', source: 'synced', kind: 'recurring' },
    { quantityType: 'END_USER_COUNT', source: 'calculated', kind: 'recurring' },
    { quantityType: 'TIME_ENTRIES', source: 'calculated', kind: 'other' },
    { quantityType: 'something new', source: 'calculated', kind: 'recurring' },
  ])('reads $quantityType as $source and $kind', async ({ quantityType, source: quantitySource, kind }) => {
    const [line] = (await only({ quantityType })).lines;
    expect([line?.quantitySource, line?.kind]).toEqual([quantitySource, kind]);
  });

  it('keeps the billing period of a line, and gives no monthly price for an unknown one', async () => {
    const [yearly] = (await only({ billingPeriod: 'ANNUALLY' })).lines;
    expect(yearly?.price).toEqual({ amount: '35', months: 12 });
    const [weekly] = (await only({}, { interval: 'WEEKLY' })).lines;
    expect(weekly?.price).toBeUndefined();
  });

  it('leaves out an agreement that is not active, and remarks what is already invoiced', async () => {
    const side = await read([
      { ...CONTOSO, nextBillDate: '2027-01-01', products: [WORKSTATION] },
      { ...CONTOSO, id: 311, status: 'DEACTIVATED', products: [WORKSTATION] },
    ]);
    expect(side.lines.map(({ id }) => id)).toEqual(['310/7001']);
    expect(side.notes).toEqual([
      '1 agreement not active: they bill nothing',
      '1 agreement already invoiced for 2026-12',
    ]);
  });

  it('loses only one customer’s lines for an agreement with an invalid date', async () => {
    const [contoso, fabrikam] = EXAMPLE;
    const side = await read([contoso ?? {}, { ...fabrikam, startDate: 'soon' }]);
    expect(failuresIn(side)).toEqual({ '260': expect.stringContaining('"soon" is not a date') });
    expect(side.lines).toHaveLength(4);
  });

  it('doubts the lines of an agreement whose state is an unknown word', async () => {
    const [line] = (await only({}, { status: 'APPROVED' })).lines;
    expect(line).toMatchObject({
      quantity: { value: '42' },
      doubt: { kind: 'ambiguous', reason: 'its agreement is "APPROVED"' },
    });
  });

  it.each([
    { what: 'an empty list', list: [], says: 'no agreements' },
    { what: 'a list as long as a page', list: Array.from({ length: 100 }, () => CONTOSO), says: 'maybe more' },
    { what: 'an answer with two lists', list: { a: [], b: [] }, says: 'expected one list' },
  ])('refuses $what', async ({ list, says }) => {
    await expect(read([], list)).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining(says),
    });
  });

  it('names the missing rights if agreements are refused', async () => {
    const refused = { status: 403, body: { resultCode: 'FAILURE' } };
    const before = ({ path }: { path: string }) => (path === LIST ? refused : undefined);
    await expect(readAll(rig(), { before })).rejects.toMatchObject({
      name: 'VendorAuthError',
      message: expect.stringContaining('Billing: Read'),
    });
  });

  it('points to billed.csv if the instance has no billing', async () => {
    const missing = { status: 404, body: { resultCode: 'FAILURE' } };
    const before = ({ path }: { path: string }) => (path === LIST ? missing : undefined);
    await expect(readAll(rig(), { before })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('billed.csv'),
    });
  });
});
