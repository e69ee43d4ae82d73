import { decimal, isDecimal, plain } from '../../billing/decimal.ts';
import type { DecimalText } from '../../billing/line.ts';
import type { Period } from '../../billing/period.ts';
import { readDay } from '../../report/day.ts';
import { daysOf } from '../reading/day.ts';
import type { ReadLine } from '../reading/fact.ts';
import type { Columns } from './columns.ts';
import type { Sold } from './lists.ts';

const MONTHS_OF_PERIOD = new Map([
  ['monthly', 1],
  ['quarterly', 3],
  ['semi-annually', 6],
  ['semi_annually', 6],
  ['annually', 12],
  ['yearly', 12],
]);
/** States of a row that is not billed; the state follows from the dates, which take precedence. */
const NOT_RUNNING = ['expired', 'cancelled', 'canceled', 'in_preparation', 'in preparation'];

/**
 * Tells rows apart by the number that people know, or by sys_id if other rows have the same, such as that of their
 * contract.
 */
export function idsOf(rows: readonly Sold[], { number }: Columns): (row: Sold) => string {
  const numberOf = (row: Sold): string => (number === null ? '' : (row[number] ?? '').trim());
  const byNumber = Map.groupBy(rows, numberOf);
  return (row) => (numberOf(row) !== '' && byNumber.get(numberOf(row))?.length === 1 ? numberOf(row) : row.sys_id);
}

/** A row as a billed line. */
export function lineOf(row: Sold, columns: Columns, { first }: Period, currency?: string): Omit<ReadLine, 'id'> {
  const cell = (column: string | null): string => (column === null ? '' : (row[column] ?? '').trim());
  const dayIn = (column: string | null) => (cell(column) === '' ? null : readDay(cell(column)));
  const days = daysOf(() => ({ from: dayIn(columns.from), to: dayIn(columns.to) }));
  const { from, to } = days;
  const [unit, monthly] = [amountIn(cell(columns.unitPrice)), amountIn(cell(columns.monthlyPrice))];
  const written = cell(columns.quantity);
  const [id, code] = [cell(columns.product), cell(columns.productCode)];
  const months = columns.period === null ? 1 : MONTHS_OF_PERIOD.get(cell(columns.period).toLowerCase());
  const isRunning = (from === null || from <= first) && (to === null || to >= first);
  const state = cell(columns.state);
  return {
    product: { ...(id === '' ? {} : { id }), ...(code === '' ? {} : { code }), name: cell(columns.productName) },
    customer: customerOf(cell(columns.company), cell(columns.companyName)),
    quantity: isDecimal(written)
      ? { value: plain(decimal(written)) }
      : { unknown: written === '' ? 'the row has no quantity' : `"${written}" is not a number` },
    included: '0',
    ...(unit === undefined || months === undefined ? {} : { price: { amount: unit, months } }),
    // The amount is per month, so it only fits a monthly price.
    ...(monthly === undefined || months !== 1 ? {} : { amount: monthly }),
    ...(currency === undefined ? {} : { currency }),
    ...days,
    billable: !(unit === '0' && (monthly ?? '0') === '0'),
    // There is a periodicity only if the price recurs.
    kind: columns.period !== null && cell(columns.period) === '' ? 'other' : 'recurring',
    quantitySource: 'fixed',
    notes: [
      ...(months === undefined ? [`its periodicity is "${cell(columns.period)}"`] : []),
      ...(isRunning && NOT_RUNNING.includes(state.toLowerCase())
        ? [`by its dates it is active, but its state is ${state}`]
        : []),
    ],
  };
}

/** A row without an account is shown as that of a customer that no company can claim. */
const customerOf = (id: string, name: string): ReadLine['customer'] =>
  id === '' ? { id: 'no account', name: 'no account' } : { id, name: name || id };

const amountIn = (text: string): DecimalText | undefined => (isDecimal(text) ? plain(decimal(text)) : undefined);
