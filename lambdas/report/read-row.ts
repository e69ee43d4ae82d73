import type { Standing } from './claims.ts';
import type { CustomerCount } from './collection.ts';
import type { Column } from './column.ts';
import { distinct } from './order.ts';
import { combine, isUsed, type Reading, readingOf } from './reading.ts';
import type { Cell } from './report.ts';

/** A company whose every customer was read. Product columns that none of them has are left out of `cells`. */
export type ReadRow = {
  cells: Map<string, Exclude<Cell, { state: 'unmapped' }>>;
  notes: string[];
};

/** Reads all of a company's cells of one integration. */
export function readRow(candidates: readonly Column[], { customers: all }: Standing): ReadRow {
  const customers = all.filter(({ state }) => state === 'counted');
  const several = all.length > 1;
  const notes = all
    .filter((customer) => customer.state === 'excluded')
    .map(({ name, reason }) => `${name} left out: ${reason}`);
  for (const customer of customers) {
    notes.push(...customer.notes.map((note) => (several ? `${customer.name}: ${note}` : note)));
  }
  const cells: ReadRow['cells'] = new Map();
  for (const column of candidates) {
    const { title } = column;
    if (column.appears === 'product' && !customers.some((customer) => mentions(customer, title))) continue;
    const readings = customers.map((customer) => readingOf(column, customer));
    const cell = combine(readings);
    cells.set(title, cell);
    if (cell.state === 'counted') notes.push(...leftOut(title, customers, readings));
  }
  return { cells, notes: distinct(notes) };
}

const mentions = ({ counts, gaps }: CustomerCount, title: string): boolean =>
  Object.hasOwn(counts, title) || Object.hasOwn(gaps, title);

/** Which of a company's customers a number does not contain. */
const leftOut = (title: string, customers: readonly CustomerCount[], readings: readonly Reading[]): string[] =>
  customers.flatMap(({ name }, index) => {
    const reading = readings[index];
    return reading !== undefined && 'gap' in reading ? [`${title} without ${name}: ${reading.gap.reason}`] : [];
  });

/** The columns that appear, given what the companies have. */
export function appearing(candidates: readonly Column[], rows: readonly ReadRow[]): Column[] {
  return candidates.filter(({ title, appears }) => {
    if (appears === 'always') return true;
    if (appears === 'product') return rows.some(({ cells }) => cells.has(title));
    return rows.some(({ cells }) => {
      const cell = cells.get(title);
      return cell?.state === 'counted' && isUsed(cell.value);
    });
  });
}
