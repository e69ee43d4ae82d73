import { chargedUnits } from '../../billing/charged.ts';
import { decimal, plain } from '../../billing/decimal.ts';
import type { DecimalText } from '../../billing/line.ts';
import type { Period } from '../../billing/period.ts';
import { lastDayOf } from '../../report/day.ts';
import { earlier, later } from '../reading/day.ts';
import type { ReadLine } from '../reading/fact.ts';
import type { Addition, Agreement } from './shapes.ts';

/** Months of ConnectWise's built-in billing cycles; MSPs can add their own. */
const MONTHS_OF_CYCLE = new Map([
  ['monthly', 1],
  ['bi-monthly', 2],
  ['quarterly', 3],
  ['semi-annually', 6],
  ['annually', 12],
  ['annual', 12],
  ['yearly', 12],
]);

/** Months of one billing cycle; undefined for a cycle that the MSP named. */
export const monthsOf = ({ billingCycle }: Agreement): number | undefined =>
  MONTHS_OF_CYCLE.get(billingCycle?.name.trim().toLowerCase() ?? '');

/** What is needed to read a line. `currency`: that of its agreement. */
type Around = { agreement: Agreement; period: Period; currency: string | undefined; isSynced: boolean };

/** An addition as a billed line. */
export function lineOf(addition: Addition, { agreement, period, currency, isSynced }: Around): ReadLine {
  const { product, quantity, billCustomer } = addition;
  const to = earlier(addition.cancelledDate, endOf(agreement));
  const { price, notes } = priceOf(addition, agreement);
  const doubt = doubtOf(addition, agreement, to, period);
  return {
    id: String(addition.id),
    agreement: { id: String(agreement.id), name: agreement.name },
    product: { id: String(product.id), code: product.identifier, name: addition.description ?? product.identifier },
    customer: { id: String(agreement.company.id), name: agreement.company.name },
    quantity: { value: quantity },
    included: addition.lessIncluded ?? '0',
    ...(price === undefined ? {} : { price }),
    ...amountOf(addition),
    ...(currency === undefined ? {} : { currency }),
    from: later(addition.effectiveDate, agreement.startDate),
    to,
    billable: !NOT_CHARGED.includes(billCustomer),
    kind: isOneTime(addition) ? 'other' : 'recurring',
    quantitySource: isSynced ? 'synced' : 'fixed',
    ...(doubt === undefined ? {} : { doubt }),
    notes,
  };
}

const endOf = ({ cancelledFlag, dateCancelled, endDate, noEndingDateFlag }: Agreement) =>
  earlier(cancelledFlag === true ? dateCancelled : null, noEndingDateFlag === true ? null : endDate);

const isOfOneMonth = ({ effectiveDate, cancelledDate }: Addition): boolean =>
  effectiveDate !== null && cancelledDate !== null && effectiveDate.slice(0, 7) === cancelledDate.slice(0, 7);

/** The units of one month, if they were replaced after it, are entered like a one-time fee for that month. */
const isOfAWholeMonth = ({ effectiveDate, cancelledDate }: Addition): boolean =>
  effectiveDate?.endsWith('-01') === true && cancelledDate === lastDayOf(effectiveDate.slice(0, 7));

/** A one-time fee is entered as an addition that begins and ends within one month. */
const isOneTime = (addition: Addition): boolean => isOfOneMonth(addition) && !isOfAWholeMonth(addition);

const ACTIVE = 'Active';
const BILLABLE = 'Billable';
const NOT_CHARGED = ['DoNotBill', 'NoCharge'];

/** Whether the day of cancellation is still billed is not documented. */
function doubtOf(
  addition: Addition,
  { agreementStatus }: Agreement,
  to: string | null,
  { first, last }: Period,
): ReadLine['doubt'] {
  const { billCustomer } = addition;
  if (![BILLABLE, ...NOT_CHARGED].includes(billCustomer)) {
    return { kind: 'ambiguous', reason: `billCustomer says "${billCustomer}"` };
  }
  // One that was cancelled or expires within the period is billed for the last time, whatever its state.
  const status = agreementStatus?.trim() || ACTIVE;
  if (status !== ACTIVE && (to === null || to > last)) {
    return { kind: 'ambiguous', reason: `by its dates it is billed, but its agreement is ${status}` };
  }
  if (isOfAWholeMonth(addition)) {
    return { kind: 'ambiguous', reason: 'it begins and ends with its month, as a one-time fee does too' };
  }
  return to === first ? { kind: 'boundary', reason: `it ends on ${to}, the first day of the period` } : undefined;
}

function priceOf({ unitPrice }: Addition, agreement: Agreement): Pick<ReadLine, 'price' | 'notes'> {
  if (unitPrice === undefined) return { notes: [] };
  const { billingCycle } = agreement;
  const months = monthsOf(agreement);
  if (months !== undefined) return { price: { amount: unitPrice, months }, notes: [] };
  const cycle =
    billingCycle === undefined || billingCycle === null
      ? 'no billing cycle'
      : `the billing cycle "${billingCycle.name}"`;
  return { notes: [`its agreement has ${cycle}, so the monthly price is not known`] };
}

/** `extPrice` may or may not leave out what is included; if either reading fits, it adds nothing. */
function amountOf({ quantity, lessIncluded, unitPrice, extPrice }: Addition): { amount?: DecimalText } {
  if (extPrice === undefined) return {};
  const amount = { amount: plain(decimal(extPrice)) };
  if (unitPrice === undefined) return amount;
  const whole = decimal(quantity).times(unitPrice);
  const charged = chargedUnits(decimal(quantity), decimal(lessIncluded ?? '0')).times(unitPrice);
  return whole.eq(extPrice) || charged.eq(extPrice) ? {} : amount;
}
