import { decimal } from '../../billing/decimal.ts';
import type { DecimalText } from '../../billing/line.ts';
import { quantity } from '../../report/quantity.ts';
import type { ReadLine } from '../reading/fact.ts';
import type { Position } from './positions.ts';
import type { Contract } from './shapes.ts';
import type { Units } from './units.ts';

/** What is known about one line. `rows` is absent if no unit row overlaps the period. */
type Known = {
  position: Position;
  contract: Contract & { companyName: string | null | undefined };
  rows: Units | undefined;
  /** Length of the contract's period. */
  months: number | undefined;
  currency: string | undefined;
};

/** A service or bundle on a contract as a billed line. */
export function lineOf({ position, contract, rows, months, currency }: Known): ReadLine {
  const { current, rival, later = [] } = rows ?? {};
  const price = priceOf(position.unitPrice, months, current);
  const customerId = String(contract.companyID);
  return {
    id: position.id,
    agreement: { id: String(contract.id), name: contract.contractName },
    product: position.product,
    customer: { id: customerId, name: contract.companyName || customerId },
    // A removed service has rows of 0 units, or no rows: the contract covers the day, so both are a true 0.
    quantity: { value: current?.units ?? '0' },
    included: '0',
    ...price.parts,
    ...(currency === undefined ? {} : { currency }),
    from: contract.startDate,
    to: contract.endDate,
    billable: !(position.unitPrice === '0' && (current?.amount ?? '0') === '0'),
    kind: 'recurring',
    quantitySource: 'fixed',
    ...(rival === undefined
      ? {}
      : { doubt: { kind: 'ambiguous', reason: `two rows cover the day: ${rival} and ${current?.units} units` } }),
    notes: [
      ...(current === undefined ? ['no units on the first day of the period'] : []),
      ...later.map(({ from, units }) => `${quantity(units, 'unit')} from ${from}`),
      ...(contract.status === 1 ? [] : ['its contract is inactive']),
      ...price.notes,
      ...payerOf(contract),
    ],
  };
}

/**
 * A price for one unit and one period. Whether the unit price of a quarter or a year is that of a month is not
 * documented: the amount of the unit row shows it, because it covers the whole period.
 */
function priceOf(
  unitPrice: DecimalText | undefined,
  months: number | undefined,
  current: Units['current'],
): { parts: Pick<ReadLine, 'price' | 'amount'>; notes: string[] } {
  const amount = current?.amount === undefined ? {} : { amount: current.amount };
  if (months === undefined) {
    return { parts: amount, notes: ['the period of its contract is not known, nor is the monthly price'] };
  }
  if (unitPrice === undefined) return { parts: amount, notes: [] };
  const asWritten = { parts: { price: { amount: unitPrice, months }, ...amount }, notes: [] };
  if (months === 1 || unitPrice === '0') return asWritten;
  const whole = decimal(current?.units ?? '0').times(unitPrice);
  if (current?.amount === undefined || whole.eq(0)) {
    return { parts: amount, notes: [`nothing shows whether ${unitPrice} is for a month or for ${months}`] };
  }
  if (whole.eq(current.amount)) return asWritten;
  if (whole.times(months).eq(current.amount)) return { parts: { price: { amount: unitPrice, months: 1 } }, notes: [] };
  const charged = `${current.amount} is charged for ${months} months of ${current.units} at ${unitPrice}`;
  return { parts: amount, notes: [`${charged}, so the monthly price is not known`] };
}

const payerOf = ({ companyID, billToCompanyID }: Contract): string[] =>
  typeof billToCompanyID === 'number' && billToCompanyID !== companyID
    ? [`invoiced to company ${billToCompanyID}`]
    : [];
