import { decimal, isDecimal, plain } from '../../billing/decimal.ts';
import type { DecimalText } from '../../billing/line.ts';
import type { Period } from '../../billing/period.ts';
import type { Day } from '../../report/day.ts';
import { later } from '../reading/day.ts';
import type { ReadLine } from '../reading/fact.ts';
import { quantityOn } from './quantity.ts';
import type { ClientContract, Item, Sold } from './shapes.ts';

type Known = {
  agreed: Omit<ClientContract, 'contract'>;
  contract: ClientContract['contract'];
  sold: Sold;
  /** The charge item in the catalogue, if that was read. */
  item: Item | undefined;
  period: Period;
  currency: string | undefined;
};

const MONTHS_OF_UNIT = new Map([
  ['MONTH', 1],
  ['YEAR', 12],
]);
const RECURRING_KINDS = ['SERVICE', 'USAGE'];
const OTHER_KINDS = ['ONE_TIME', 'TIME_AND_MATERIAL'];
const RECURRING_RHYTHMS = ['RECURRING', 'PERPETUAL'];
const ONCE = 'ONCE';

/** A client contract as a billed line. */
export function lineOf({ agreed, contract, sold, item, period, currency }: Known): ReadLine {
  const { contractId, client, startDate, endDate } = agreed;
  const name = sold.chargeItem.name ?? item?.name ?? `item ${sold.chargeItem.itemId}`;
  const { price, notes } = priceOf(sold, item);
  const isCalculated = sold.quantityCalculationType !== 'FIXED';
  const quantity = isCalculated
    ? { unknown: 'SuperOps counts it when it bills' }
    : fixedQuantity(sold, later(period.first, startDate) ?? period.first);
  const doubt = unknownWord(sold, contract) ?? doubtOf(agreed, sold, period);
  return {
    id: contractId,
    agreement: { id: contractId, name: contract.name ?? name },
    product: { id: sold.chargeItem.itemId, name },
    customer: { id: client.accountId, name: client.name || client.accountId },
    quantity,
    included: '0',
    ...(price === undefined ? {} : { price }),
    ...(currency === undefined ? {} : { currency }),
    from: startDate,
    to: endDate,
    billable: price === undefined || price.amount !== '0',
    kind: sold.frequencyType === ONCE || OTHER_KINDS.includes(contract.contractType) ? 'other' : 'recurring',
    quantitySource: isCalculated ? 'calculated' : 'fixed',
    ...(doubt === undefined ? {} : { doubt }),
    notes,
  };
}

/** It is not documented whether a quantity is per site or for all sites; for one site it is the same. */
function fixedQuantity({ changes, billableSiteType, sites }: Sold, day: Day): ReadLine['quantity'] {
  const units = quantityOn(day, changes ?? []);
  const isOfOneSite =
    billableSiteType === 'HQ' || (billableSiteType === 'INCLUDED' && sites !== null && sites?.length === 1);
  if (isOfOneSite || 'unknown' in units) return units;
  return { unknown: `${units.value} for each of its sites or for all: SuperOps does not say` };
}

/** These two words decide whether a line recurs. */
function unknownWord({ frequencyType }: Sold, { contractType }: Known['contract']): ReadLine['doubt'] {
  const unknown = (what: string): ReadLine['doubt'] => ({
    kind: 'ambiguous',
    reason: `its ${what}, which is not known`,
  });
  if (![...RECURRING_KINDS, ...OTHER_KINDS].includes(contractType))
    return unknown(`contract type is "${contractType}"`);
  if (![...RECURRING_RHYTHMS, ONCE].includes(frequencyType)) return unknown(`frequency is "${frequencyType}"`);
  return undefined;
}

/** Dates take precedence over the state, which only adds a doubt to a contract that is in force by its dates. */
function doubtOf(
  { startDate, endDate, contractStatus }: Known['agreed'],
  { changes, quantityCalculationType }: Sold,
  { first, last }: Period,
): ReadLine['doubt'] {
  if ((startDate !== null && startDate > first) || (endDate !== null && endDate < first)) return undefined;
  if (contractStatus !== 'ACTIVE') {
    return { kind: 'ambiguous', reason: `by its dates it is billed, but its state is ${contractStatus}` };
  }
  if (quantityCalculationType !== 'FIXED') return undefined;
  const [begins, ends] = [first, last].map((day) => quantityOn(day, changes ?? []));
  if (begins === undefined || ends === undefined || 'unknown' in begins || 'unknown' in ends) return undefined;
  return begins.value === ends.value
    ? undefined
    : { kind: 'ambiguous', reason: `its units change from ${begins.value} on ${first} to ${ends.value} on ${last}` };
}

function priceOf(sold: Sold, item: Item | undefined): Pick<ReadLine, 'price' | 'notes'> {
  const unknown = (why: string) => ({ notes: [`the monthly price is not known: ${why}`] });
  const { recurringContract: rhythm, discountRate } = sold;
  if (typeof discountRate === 'string' && !isZero(discountRate)) return unknown(`a discount of ${discountRate}`);
  const amount = amountOf(sold, item);
  if (amount === undefined) return unknown('no price for a unit');
  const months = MONTHS_OF_UNIT.get(rhythm?.frequencyDurationUnit ?? '');
  if (rhythm === null || rhythm === undefined || months === undefined || rhythm.frequencyInterval < 1) {
    return unknown('it is billed on a cycle of its own');
  }
  return { price: { amount, months: months * rhythm.frequencyInterval }, notes: [] };
}

/** A contract without its own price has that of the catalogue. */
function amountOf({ sellingPriceOverridden, sellingPrice }: Sold, item: Item | undefined): DecimalText | undefined {
  const [detail, ...others] = sellingPrice?.details ?? [];
  const isPerUnit = sellingPrice?.model === 'PER_UNIT' && others.length === 0;
  const written = sellingPriceOverridden === true ? (isPerUnit ? detail?.value : undefined) : item?.unitPrice;
  return typeof written === 'string' && isDecimal(written) ? plain(decimal(written)) : undefined;
}

const isZero = (text: string): boolean => text.trim() === '' || (isDecimal(text) && decimal(text).eq(0));
