import type { ReadLine } from '../reading/fact.ts';
import type { Position } from './positions.ts';
import type { Contract } from './shapes.ts';
import type { Units } from './units.ts';

/** What is known of one line. `rows` is absent where no unit row touches the period. */
type Known = {
  position: Position;
  contract: Contract & { companyName: string | undefined };
  rows: Units | undefined;
  /** Of the contract's period. */
  months: number | undefined;
  currency: string | undefined;
};

/** A service or bundle on a contract as a billed line. */
export function lineOf({ position, contract, rows, months, currency }: Known): ReadLine {
  const { current, rival, later = [] } = rows ?? {};
  const { unitPrice } = position;
  const customerId = String(contract.companyID);
  return {
    id: position.id,
    agreement: { id: String(contract.id), name: contract.contractName },
    product: position.product,
    customer: { id: customerId, name: contract.companyName ?? customerId },
    // A service that was taken off keeps rows of 0 units, or has none any more: the contract covers the day, so both are a true 0.
    quantity: { value: current?.units ?? '0' },
    included: '0',
    ...(unitPrice === undefined || months === undefined ? {} : { price: { amount: unitPrice, months } }),
    ...(current?.amount === undefined ? {} : { amount: current.amount }),
    ...(currency === undefined ? {} : { currency }),
    from: contract.startDate,
    to: contract.endDate,
    billable: !(unitPrice === '0' && (current?.amount ?? '0') === '0'),
    kind: 'recurring',
    quantitySource: 'fixed',
    ...(rival === undefined
      ? {}
      : { doubt: { kind: 'ambiguous', reason: `two rows cover the day: ${rival} and ${current?.units} units` } }),
    notes: [
      ...(current === undefined ? ['no units on the first day of the period'] : []),
      ...later.map(({ from, units }) => `${units} units from ${from}`),
      ...(contract.status === 1 ? [] : ['its contract is inactive']),
      ...(months === undefined ? ['the period of its contract is not known, nor is the price of a month'] : []),
      ...payerOf(contract),
    ],
  };
}

const payerOf = ({ companyID, billToCompanyID }: Contract): string[] =>
  typeof billToCompanyID === 'number' && billToCompanyID !== companyID
    ? [`invoiced to company ${billToCompanyID}`]
    : [];
