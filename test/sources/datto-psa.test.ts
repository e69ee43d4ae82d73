import { describe, expect, it } from 'vitest';
import source from '../../lambdas/sources/datto-psa.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import dattoPsa from '../sandbox/psa-apis/datto-psa.ts';
import type { SandboxRequest } from '../sandbox/vendor.ts';
import { jsonOf } from '../sandbox/vendor.ts';
import { sourceContract } from './contract.ts';
import { readAll, sourceRig } from './source-rig.ts';
import { type Answers, answering, failuresIn, inWords } from './worked-example.ts';

type Row = Record<string, unknown>;
type Filter = { op: string; field: string; value: unknown };

const contract = (id: number, companyID: number, contractName: string, more: Row = {}): Row => ({
  ...{ id, companyID, contractName, contractPeriodType: 1, contractType: 7, status: 1 },
  ...{ startDate: '2024-01-01T00:00:00', endDate: '2028-12-31T00:00:00' },
  ...more,
});
const service = (id: number, contractID: number, serviceID: number, unitPrice: number): Row => ({
  ...{ id, contractID, serviceID, unitPrice },
});
const units = (id: number, contractServiceID: number, number: number, price: number | null, more: Row = {}): Row => ({
  ...{ id, contractServiceID, contractID: contractServiceID < 5600 ? 410 : 422, units: number, price },
  ...{ startDate: '2026-12-01T00:00:00', endDate: '2026-12-31T00:00:00', approveAndPostDate: null },
  ...more,
});

/**
 * The worked example: 45 workstations in two lines, mail that was reduced to 0, a free line, one that begins in
 * January.
 */
const EXAMPLE = {
  Companies: [
    { id: 174, companyName: 'Contoso Ltd' },
    { id: 181, companyName: 'Fabrikam Inc' },
  ],
  Contracts: [contract(410, 174, 'Contoso Managed'), contract(422, 181, 'Fabrikam Cloud', { status: 0 })],
  ContractServices: [
    ...[service(5512, 410, 88, 35), service(5513, 410, 88, 30), service(5514, 410, 91, 4)],
    ...[service(5604, 422, 95, 0), service(5605, 422, 97, 22)],
  ],
  ContractServiceUnits: [
    units(90_001, 5512, 42, 1470),
    units(90_002, 5513, 3, 90),
    units(89_980, 5514, 40, 160, { startDate: '2026-10-01T00:00:00', endDate: '2026-10-31T00:00:00' }),
    units(89_991, 5514, 0, 0),
    units(90_104, 5604, 18, 0),
    units(90_205, 5605, 25, 550, { startDate: '2027-01-01T00:00:00', endDate: '2027-01-31T00:00:00' }),
  ],
  ContractServiceBundles: [] as Row[],
  ContractServiceBundleUnits: [] as Row[],
  Services: [
    { id: 88, name: 'Managed Workstation', sku: 'MGD-WKS' },
    { id: 91, name: 'Email Security', sku: 'MAIL-SEC' },
    { id: 95, name: 'EDR Agent', sku: 'EDR-AGENT' },
    { id: 97, name: 'Microsoft 365 Business Premium', sku: 'M365-BP' },
  ] as Row[],
  ServiceBundles: [] as Row[],
  ContractBillingRules: [] as Row[],
};

const fits = (row: Row, { op, field, value }: Filter): boolean => {
  const cell = row[field];
  if (op === 'in') return Array.isArray(value) && value.includes(cell);
  if (op === 'eq' || cell === undefined) return cell === value || cell === undefined;
  return op === 'lte' ? String(cell) <= String(value) : String(cell) >= String(value);
};

const found = (rows: readonly Row[], request: SandboxRequest): Row[] => {
  const body = Object(jsonOf(request));
  const filter: Filter[] = body.filter;
  return rows.filter((row) => filter.every((each) => each.field === 'id' || fits(row, each)));
};

/** A tenant that holds these rows; queries are answered by their filters. */
function tenant(rows: Record<string, readonly Row[]>): Answers {
  const root = '/ATServicesRest/V1.0';
  return Object.fromEntries(
    Object.entries(rows).flatMap(([entity, held]): [string, Answers[string]][] => [
      [
        `POST ${root}/${entity}/query`,
        (request) => ({ items: found(held, request), pageDetails: { nextPageUrl: null } }),
      ],
      [`POST ${root}/${entity}/query/count`, (request) => ({ queryCount: found(held, request).length })],
    ]),
  );
}

const read = (more: Partial<typeof EXAMPLE> = {}, answers: Answers = {}) =>
  readAll(sourceRig(source, dattoPsa), {
    month: '2026-12',
    options: { currency: 'USD' },
    before: answering({ ...tenant({ ...EXAMPLE, ...more }), ...answers }),
  });

describe('Datto PSA as a source of billed lines', () => {
  // Zone, two lists of fields, companies, three lists with their counts, four of what is on contracts, and billing
  // rules.
  sourceContract({ rig: () => sourceRig(source, dattoPsa), calls: 15, knowsFree: false });

  it('reads every page of a larger MSP', async () => {
    const { receipt } = await readAll(sourceRig(source, dattoPsa, demoMsp(120)));
    const pages = receipt.lists.filter(({ list }) => list === 'ContractServiceUnits/query').map((list) => list.pages);
    expect(pages).toEqual([2]);
  });

  it.each([
    {
      what: 'contract',
      more: { Contracts: [contract(410, 174, 'Contoso Managed'), contract(422, 181, 'Cloud', { status: 'on' })] },
    },
    {
      what: 'unit row',
      more: { ContractServiceUnits: [units(90_001, 5512, 42, 1470), units(90_104, 5604, 18, 0, { units: null })] },
    },
    {
      what: 'service',
      more: { ContractServices: [service(5512, 410, 88, 35), { id: 5604, contractID: 422, serviceID: null }] },
    },
  ])('loses only one company’s lines for a $what that is not as documented', async ({ more }) => {
    const side = await read({ ContractServiceUnits: [units(90_001, 5512, 42, 1470)], ...more });
    expect(failuresIn(side)).toEqual({ '181': expect.stringMatching(/^Datto PSA Contract.*: expected/u) });
    expect(side.lines.find(({ id }) => id === '5512')?.quantity).toEqual({ value: '42' });
  });

  it('reads the worked example', async () => {
    const side = await read();
    expect(inWords(side)).toEqual([
      'Contoso Ltd: MAIL-SEC, 0, at 4 USD, from 2024-01-01, to 2028-12-31',
      'Contoso Ltd: MGD-WKS, 3, at 30 USD, from 2024-01-01, to 2028-12-31',
      'Contoso Ltd: MGD-WKS, 42, at 35 USD, from 2024-01-01, to 2028-12-31',
      'Fabrikam Inc: EDR-AGENT, 18, at 0 USD, from 2024-01-01, to 2028-12-31, not charged',
      'Fabrikam Inc: M365-BP, 0, at 22 USD, from 2024-01-01, to 2028-12-31',
    ]);
    expect(side.notes).toEqual(['1 contract inactive and not ended: they still bill']);
    const notes = (id: string) => side.lines.find((line) => line.id === id)?.notes;
    expect(notes('5605')).toEqual(['no units on the first day of the period', 'its contract is inactive']);
    expect(notes('5512')).toEqual([]);
  });

  it('shows a change in the middle of the period and does not add it', async () => {
    const change = units(90_003, 5512, 45, 800, { startDate: '2026-12-16T00:00:00' });
    const { lines } = await read({ ContractServiceUnits: [...EXAMPLE.ContractServiceUnits, change] });
    const line = lines.find(({ id }) => id === '5512');
    expect(line).toMatchObject({ quantity: { value: '42' }, notes: ['45 units from 2026-12-16'] });
    expect(line?.doubt).toBeUndefined();
  });

  it('uses the later of two rows that touch, and doubts two that overlap', async () => {
    const earlier = (endDate: string) =>
      units(90_000, 5512, 40, 1400, { startDate: '2026-11-16T00:00:00', endDate: `${endDate}T00:00:00` });
    const lineWith = async (row: Row) => {
      const { lines } = await read({ ContractServiceUnits: [...EXAMPLE.ContractServiceUnits, row] });
      return lines.find(({ id }) => id === '5512');
    };
    const touching = await lineWith(earlier('2026-12-01'));
    expect([touching?.quantity, touching?.doubt]).toEqual([{ value: '42' }, undefined]);
    const overlapping = await lineWith(earlier('2026-12-31'));
    expect(overlapping?.doubt).toEqual({
      kind: 'ambiguous',
      reason: 'two rows cover the day: 40 and 42 units',
    });
  });

  it('reads a bundle as one line, separate from a service with the same number', async () => {
    const { lines } = await read({
      ContractServiceBundles: [{ id: 5512, contractID: 410, serviceBundleID: 88, unitPrice: 50, adjustedPrice: 45 }],
      ContractServiceBundleUnits: [{ ...units(1, 5512, 7, 315), contractServiceBundleID: 5512 }],
      ServiceBundles: [{ id: 88, name: 'Seat', sku: 'SEAT' }],
    });
    expect(lines.find(({ id }) => id === 'bundle 5512')).toMatchObject({
      product: { id: 'bundle 88', code: 'SEAT', name: 'Seat' },
      quantity: { value: '7' },
      price: { amount: '45', months: 1 },
    });
  });

  it('gives the price of a quarter as such, and none if the period is unknown', async () => {
    const withPeriod = async (contractPeriodType: number) => {
      const { lines } = await read({ Contracts: [contract(410, 174, 'Contoso', { contractPeriodType })], ...ONE });
      return lines[0]?.price;
    };
    expect(await withPeriod(2)).toEqual({ amount: '35', months: 3 });
    expect(await withPeriod(9)).toBeUndefined();
  });

  it.each([
    { amount: 1470, price: { amount: '35', months: 3 }, what: 'the price of a quarter' },
    { amount: 4410, price: { amount: '35', months: 1 }, what: 'that of a month' },
    { amount: 2000, price: undefined, what: 'neither, and no price is read' },
    { amount: null, price: undefined, what: 'neither, if the quarter has no amount' },
  ])('recognizes a unit price by the amount of the quarter as $what', async ({ amount, price }) => {
    const quarter = { Contracts: [contract(410, 174, 'Contoso', { contractPeriodType: 2 })] };
    const { lines } = await read({ ...quarter, ...ONE, ContractServiceUnits: [units(90_001, 5512, 42, amount)] });
    expect(lines[0]?.price).toEqual(price);
  });

  it('reads no price of a quarter without units: it could be that of a month', async () => {
    const quarter = { Contracts: [contract(410, 174, 'Contoso', { contractPeriodType: 2 })] };
    for (const rows of [[units(90_001, 5512, 0, 0)], []]) {
      const { lines } = await read({ ...quarter, ...ONE, ContractServiceUnits: rows });
      expect(lines[0]?.price).toBeUndefined();
      expect(lines[0]?.notes).toContain('nothing shows whether 35 is for a month or for 3');
    }
  });

  const ONE = { ContractServices: [service(5512, 410, 88, 35)], ContractServiceUnits: [units(90_001, 5512, 42, 1470)] };

  it('refuses units of a contract that is not there', async () => {
    await expect(read({ Contracts: [contract(422, 181, 'Fabrikam')] })).rejects.toMatchObject({
      name: 'VendorContractError',
      message: 'Datto PSA has units of contract 410, which it does not list',
    });
  });

  it('bills nothing of a contract that ended early, although it has units of its last quarter', async () => {
    const ended = contract(422, 181, 'Fabrikam Cloud', { endDate: '2026-11-15T00:00:00' });
    const quarter = { startDate: '2026-10-01T00:00:00', endDate: '2026-12-31T00:00:00' };
    const side = await read({
      Contracts: [contract(410, 174, 'Contoso Managed'), ended],
      ContractServiceUnits: [units(90_001, 5512, 42, 1470), units(90_104, 5605, 18, 1188, quarter)],
    });
    expect(failuresIn(side)).toEqual({});
    const shown = side.lines.map(({ id, quantity, to }) => [id, quantity, to]);
    expect(shown).toContainEqual(['5512', { value: '42' }, '2028-12-31']);
    expect(shown).toContainEqual(['5605', { value: '18' }, '2026-11-15']);
  });

  it('loses only one company’s lines for units of a contract service that is not listed', async () => {
    const side = await read({
      ContractServices: EXAMPLE.ContractServices.filter(({ contractID }) => contractID === 410),
    });
    expect(failuresIn(side)).toEqual({ '181': 'Datto PSA has units of contract service 5604 but does not list it' });
    expect(side.lines.map(({ id }) => id)).toEqual(['5512', '5513', '5514']);
  });

  it('refuses a list that is shorter than the vendor’s count', async () => {
    const counts = { 'POST /ATServicesRest/V1.0/ContractServiceUnits/query/count': { queryCount: 99 } };
    await expect(read({}, counts)).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('counts 99 rows but listed 4'),
    });
  });

  it('reports a refusal in Autotask’s words, and not as a failed delivery', async () => {
    const refused = { errors: ['You do not have permission to query ContractServices.'] };
    await expect(read({}, { 'POST /ATServicesRest/V1.0/ContractServices/query': refused })).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('do not have permission'),
    });
  });

  it('treats an empty list of contracts as missing visibility', async () => {
    const none = { Contracts: [], ContractServices: [], ContractServiceUnits: [] };
    await expect(read(none)).rejects.toMatchObject({ message: expect.stringContaining('may not read agreements') });
  });

  it('reports billing rules, or that they could not be read', async () => {
    const counted = await read({ ContractBillingRules: [{ id: 1, contractID: 410, isActive: true }] });
    expect(counted.notes).toContainEqual(expect.stringContaining('1 billing rule by contact or device'));
    const refused = await read({}, { 'POST /ATServicesRest/V1.0/ContractBillingRules/query': { errors: ['no'] } });
    expect(refused.notes).toContainEqual(expect.stringContaining('could not be read'));
  });

  it('gives no currency if customers have several', async () => {
    const fields = { fields: [{ name: 'currencyID' }] };
    const { lines, notes } = await read(
      { Companies: EXAMPLE.Companies.map((company, index) => ({ ...company, currencyID: index + 1 })) },
      { 'GET /ATServicesRest/V1.0/Companies/entityInformation/fields': fields },
    );
    expect(lines.map(({ currency }) => currency)).toEqual(Array(5).fill(undefined));
    expect(notes).toContain('customers are billed in several currencies, so USD is set on no line');
  });

  it('remarks which lines are posted, and who pays', async () => {
    const { lines, notes } = await read({
      Contracts: [contract(410, 174, 'Contoso', { billToCompanyID: 181 })],
      ContractServices: ONE.ContractServices,
      ContractServiceUnits: [units(90_001, 5512, 42, 1470, { approveAndPostDate: '2026-11-28T00:00:00' })],
    });
    expect(notes).toContain('1 line already posted for 2026-12');
    expect(lines[0]?.notes).toEqual(['invoiced to company 181']);
  });
});
