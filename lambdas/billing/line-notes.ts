import { byText } from '../report/order.ts';
import { chargedUnits } from './charged.ts';
import { decimal, money, plain } from './decimal.ts';
import type { BilledLine, QuantitySource } from './line.ts';
import type { Period } from './period.ts';

/** More lines than this with the same remark are shown as a number. */
const LINES_NAMED = 3;

/** Largest difference between an amount and quantity times price that rounding explains. */
const CENT = decimal('0.01');

const SOURCES: Partial<Record<QuantitySource, string>> = {
  synced: 'quantity from another tool',
  invoiced: 'quantity from a bill',
};

/** What a person should know about a row's lines, grouped by remark. */
export function lineNotes(
  lines: readonly BilledLine[],
  whyNot: (line: BilledLine) => string | undefined,
  period: Period,
): string[] {
  const remarks = new Map<string, string[]>();
  for (const line of lines) {
    const absent = whyNot(line);
    const shown = absent === undefined ? [...endsIn(line, period), ...sourceOf(line), ...oddities(line)] : [absent];
    for (const remark of [...shown, ...line.notes]) {
      remarks.set(remark, [...(remarks.get(remark) ?? []), nameOf(line, absent)]);
    }
  }
  return [...remarks].map(([remark, ids]) => `${subject(ids)} ${remark}`).sort(byText);
}

/** An invoiced line ends with its month, so its last day is not news. */
const endsIn = ({ to, quantitySource }: BilledLine, { first, last }: Period): string[] =>
  quantitySource !== 'invoiced' && to !== null && to >= first && to <= last ? [`ends ${to}`] : [];

function sourceOf({ quantity, quantitySource }: BilledLine): string[] {
  if (quantitySource === 'derived' && 'value' in quantity) {
    return [`perhaps ${plain(decimal(quantity.value))}, estimated from money`];
  }
  const source = SOURCES[quantitySource];
  return source === undefined ? [] : [source];
}

/** A line that adds nothing shows what it would add. */
function nameOf({ id, quantity }: BilledLine, absent: string | undefined): string {
  return absent === undefined || 'unknown' in quantity ? id : `${id} (${plain(decimal(quantity.value))})`;
}

function subject(ids: readonly string[]): string {
  if (ids.length > LINES_NAMED) return `${ids.length} lines:`;
  if (ids[0]?.startsWith('row ')) return `${ids.join(', ')}:`;
  return `${ids.length === 1 ? 'line' : 'lines'} ${ids.join(', ')}:`;
}

/** What the source remarks on a line that counts but is inconsistent or not known. */
function oddities({ quantity, amount, price, included, doubt, currency = '' }: BilledLine): string[] {
  const notes = doubt === undefined ? [] : [doubt.reason];
  if ('unknown' in quantity) {
    const cost = amount === undefined ? '' : `, charged ${money(decimal(amount))} ${currency}`.trimEnd();
    return [...notes, `quantity unknown: ${quantity.unknown}${cost}`];
  }
  const free = decimal(included);
  const units = decimal(quantity.value);
  if (free.gt(0))
    notes.push(free.gt(units) ? `up to ${plain(free)} are free` : `${plain(free)} of ${plain(units)} are free`);
  if (amount === undefined || price === undefined) return notes;
  const whole = units.times(price.amount);
  const charged = chargedUnits(units, free).times(price.amount);
  const agrees = [whole, charged].some((total) => total.minus(amount).abs().lte(CENT));
  if (!agrees) notes.push(`${money(decimal(amount))} is charged, but quantity times price is ${money(charged)}`);
  return notes;
}
