import { describe, expect, it } from 'vitest';
import source from '../../lambdas/sources/superops.ts';
import superOps from '../sandbox/psa-apis/superops.ts';
import { jsonOf, type SandboxRequest } from '../sandbox/vendor.ts';
import { sourceContract } from './contract.ts';
import { type ReadOptions, readAll, sourceRig } from './source-rig.ts';
import { failuresIn, inWords } from './worked-example.ts';

type Row = Record<string, unknown>;

const change = (effectiveDate: string | null, quantity: string | null, quantityChangeOperation = 'BASELINE'): Row => ({
  ...{ effectiveDate, endDate: null, quantity, quantityChangeOperation },
});
const CONTOSO = { accountId: '6112345678901230251', name: 'Contoso Ltd' };
const FABRIKAM = { accountId: '6112345678901230260', name: 'Fabrikam Inc' };
const MONTHLY = { frequencyDurationUnit: 'MONTH', frequencyInterval: 1, nextBillDate: '2026-12-01' };

/** A contract; `sold` and `agreed` take the place of members of its charge and of itself. */
function contract(item: string, price: string, changes: Row[], sold: Row = {}, agreed: Row = {}): Row {
  return {
    contractId: `62000000000000${item}${price}`,
    client: CONTOSO,
    ...{ startDate: '2024-01-01', endDate: null, contractStatus: 'ACTIVE' },
    contract: {
      ...{ contractId: '1', name: item, contractType: 'USAGE' },
      billableContract: {
        chargeItem: { itemId: `63${item}`, name: item },
        ...{ quantityCalculationType: 'FIXED', sellingPriceOverridden: true, discountRate: null },
        sellingPrice: { model: 'PER_UNIT', details: [{ value: price }] },
        ...{ frequencyType: 'RECURRING', billableSiteType: 'HQ', sites: [], recurringContract: MONTHLY, changes },
        ...sold,
      },
    },
    ...agreed,
  };
}

const WORKSTATIONS = contract('MGD-WKS', '35.00', [
  change('2024-01-01', '40'),
  change('2026-03-01', '5', 'INCREASE'),
  change('2026-09-01', '3', 'DECREASE'),
]);
const EXAMPLE = [
  WORKSTATIONS,
  contract('MGD-WKS', '30.00', [change('2026-06-01', '3')], {}, { startDate: '2026-06-01' }),
  contract('MAIL-SEC', '4.00', [change('2024-01-01', '40')], {}, { endDate: '2026-10-31', contractStatus: 'INACTIVE' }),
  contract('EDR-AGENT', '0', [change('2025-03-01', '18')], {}, { client: FABRIKAM, startDate: '2025-03-01' }),
  contract(
    'M365-BP',
    '22.00',
    [change('2027-01-01', '25')],
    {},
    {
      ...{ client: FABRIKAM, startDate: '2027-01-01', contractStatus: 'DRAFT' },
    },
  ),
];

/** Answers the list of contracts, by whatever `answer` makes of the request; all other calls reach the sandbox. */
const answeringContracts = (answer: (request: SandboxRequest) => object | undefined): ReadOptions => ({
  month: '2026-12',
  options: { currency: 'USD' },
  before: (request) => {
    if (!String(Object(jsonOf(request)).query).includes('getClientContractList')) return undefined;
    const body = answer(request);
    return body === undefined ? undefined : { status: 200, body };
  },
});
const listOf = (clientContracts: Row[], totalCount: number | string = clientContracts.length) => ({
  data: { getClientContractList: { clientContracts, listInfo: { hasMore: false, totalCount } } },
});
const read = (...contracts: Row[]) =>
  readAll(
    sourceRig(source, superOps),
    answeringContracts(() => listOf(contracts)),
  );
const only = async (contracted: Row) => (await read(contracted)).lines[0];

describe('SuperOps as a source of billed lines', () => {
  // Clients, contracts on three pages, and service items.
  sourceContract({ rig: () => sourceRig(source, superOps), calls: 5, knowsFree: false });

  it('reads the worked example, without the catalogue if no price needs it', async () => {
    const made = sourceRig(source, superOps);
    const side = await readAll(
      made,
      answeringContracts(() => listOf(EXAMPLE)),
    );
    expect(inWords(side)).toEqual([
      'Contoso Ltd: MAIL-SEC, 40, at 4 USD, from 2024-01-01, to 2026-10-31',
      'Contoso Ltd: MGD-WKS, 3, at 30 USD, from 2026-06-01',
      'Contoso Ltd: MGD-WKS, 42, at 35 USD, from 2024-01-01',
      'Fabrikam Inc: EDR-AGENT, 18, at 0 USD, from 2025-03-01, not charged',
      'Fabrikam Inc: M365-BP, 25, at 22 USD, from 2027-01-01',
    ]);
    expect(made.requests).toHaveLength(2);
  });

  it.each([
    { what: 'no quantity', changes: [change('2024-01-01', null)] },
    { what: 'an empty quantity', changes: [change('2024-01-01', '')] },
    { what: 'two baselines', changes: [change('2024-01-01', '40'), change('2026-01-01', '50')] },
    { what: 'no changes', changes: [] },
    {
      what: 'an increase from before the baseline',
      changes: [change('2026-06-01', '50'), change('2026-03-01', '5', 'INCREASE')],
    },
    { what: 'less than nothing', changes: [change(null, '5'), change('2026-03-01', '7', 'DECREASE')] },
    { what: 'a change of another kind', changes: [change(null, '40'), change(null, '2', 'MULTIPLY')] },
  ])('never takes $what for a number', async ({ changes }) => {
    expect(await only(contract('A', '1', changes))).toMatchObject({ quantity: { unknown: expect.any(String) } });
  });

  it('loses only one client’s lines for a contract that is not as documented', async () => {
    const odd = contract('EDR', '1', [], { recurringContract: 'MONTHLY' }, { client: FABRIKAM });
    const side = await read(WORKSTATIONS, odd);
    expect(failuresIn(side)).toEqual({
      [FABRIKAM.accountId]: expect.stringContaining(
        'SuperOps contract: contract.billableContract.recurringContract: expected',
      ),
    });
    expect(side.lines).toHaveLength(1);
  });

  it('calls a charge item that has no name by its id', async () => {
    const chargeItem = { itemId: '6300000000000000999', name: null };
    const line = await only(contract('A', '1', [change(null, '40')], { chargeItem }));
    expect(line?.product).toEqual({ id: chargeItem.itemId, name: 'item 6300000000000000999' });
  });

  it('reads no number for what SuperOps counts', async () => {
    const line = await only(contract('A', '1', [], { quantityCalculationType: 'DYNAMIC' }));
    expect(line).toMatchObject({ quantitySource: 'calculated', quantity: { unknown: expect.any(String) } });
  });

  it('counts a baseline without a day, but not one that ended', async () => {
    const ended = { ...change(null, '40'), endDate: '2026-11-30' };
    const line = await only(contract('A', '1', [ended, change(null, '50')]));
    expect(line?.quantity).toEqual({ value: '50' });
  });

  it('doubts a line whose number changes inside the period', async () => {
    const line = await only(contract('A', '1', [change('2024-01-01', '40'), change('2026-12-16', '2', 'INCREASE')]));
    expect(line).toMatchObject({
      quantity: { value: '40' },
      doubt: { kind: 'ambiguous', reason: 'its units change from 40 on 2026-12-01 to 42 on 2026-12-31' },
    });
  });

  it.each(['DRAFT', 'INACTIVE', 'PAUSED'])('doubts a running contract in the state %s', async (contractStatus) => {
    const line = await only(contract('A', '1', [change(null, '40')], {}, { contractStatus }));
    expect(line?.doubt?.reason).toContain(contractStatus);
  });

  it('keeps a recurring charge with an unknown word, and names the word', async () => {
    const kindOf = async (row: Row) => {
      const line = await only(row);
      return [line?.kind, line?.doubt?.reason];
    };
    const typed = (contractType: string) => {
      const row = contract('A', '1', [change(null, '40')]);
      return { ...row, contract: { ...(row.contract as Row), contractType } };
    };
    expect(await kindOf(typed('SERVICE'))).toEqual(['recurring', undefined]);
    expect(await kindOf(typed('ONE_TIME'))).toEqual(['other', undefined]);
    expect(await kindOf(typed('RETAINER'))).toEqual([
      'recurring',
      'its contract type is "RETAINER", which is not known',
    ]);
    const paid = (frequencyType: string) => contract('A', '1', [change(null, '40')], { frequencyType });
    expect(await kindOf(paid('ONCE'))).toEqual(['other', undefined]);
    expect(await kindOf(paid('SEASONAL'))).toEqual(['recurring', 'its frequency is "SEASONAL", which is not known']);
  });

  it.each([
    { billableSiteType: 'ALL', sites: [], quantity: { unknown: expect.stringContaining('40 for each') } },
    { billableSiteType: 'INCLUDED', sites: [{}, {}], quantity: { unknown: expect.stringContaining('40 for each') } },
    { billableSiteType: 'INCLUDED', sites: [{}], quantity: { value: '40' } },
  ])('reads a number for the sites $billableSiteType $sites as $quantity', async ({ quantity, ...sold }) => {
    expect((await only(contract('A', '1', [change(null, '40')], sold)))?.quantity).toEqual(quantity);
  });

  it.each([
    { what: 'a discount', sold: { discountRate: '10' } },
    { what: 'a rhythm in weeks', sold: { recurringContract: { ...MONTHLY, frequencyDurationUnit: 'WEEK' } } },
    { what: 'no rhythm', sold: { recurringContract: null } },
    { what: 'no price', sold: { sellingPrice: null } },
    { what: 'two prices', sold: { sellingPrice: { model: 'PER_UNIT', details: [{ value: '1' }, { value: '2' }] } } },
    { what: 'prices by volume', sold: { sellingPrice: { model: 'VOLUME', details: [{ value: '1' }] } } },
    { what: 'an item that the catalogue lacks', sold: { sellingPriceOverridden: false } },
  ])('names no price of a month where there is $what', async ({ sold }) => {
    const line = await only(contract('A', '1', [change(null, '40')], sold));
    expect(line?.price).toBeUndefined();
    expect(line?.notes).toEqual([expect.stringContaining('monthly price is not known')]);
    expect(line?.quantity).toEqual({ value: '40' });
  });

  it('gives the price of a quarter as such', async () => {
    const recurringContract = { ...MONTHLY, frequencyInterval: 3 };
    const line = await only(contract('A', '1', [change(null, '40')], { recurringContract }));
    expect(line?.price).toEqual({ amount: '1', months: 3 });
  });

  it('lists what is charged once and does not compare it', async () => {
    const once = contract('A', '1', [change(null, '40')], { frequencyType: 'ONCE' });
    expect((await only(once))?.kind).toBe('other');
  });

  it('keeps every digit of an id', async () => {
    const line = await only({ ...WORKSTATIONS, contractId: '6200000000000070011' });
    expect(line?.id).toBe('6200000000000070011');
  });

  it('refuses a page with errors, whatever data it contains', async () => {
    const answers = answeringContracts(() => ({ ...listOf(EXAMPLE), errors: [{ message: 'Internal error' }] }));
    await expect(readAll(sourceRig(source, superOps), answers)).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('Internal error'),
    });
  });

  it('refuses a list that is shorter than its total, which can be a text', async () => {
    const answers = answeringContracts(() => listOf(EXAMPLE, '9'));
    await expect(readAll(sourceRig(source, superOps), answers)).rejects.toMatchObject({
      message: expect.stringContaining('declares 9 rows but listed 5'),
    });
  });

  it('reports that the product for IT teams has no billing', async () => {
    await expect(readAll(sourceRig(source, superOps), { secret: { product: 'it' } })).rejects.toMatchObject({
      name: 'ConfigurationError',
    });
  });
});
