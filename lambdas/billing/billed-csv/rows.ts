import { decimal, sum } from '../decimal.ts';
import type { BilledLine, CustomerRef } from '../line.ts';
import { CellFault } from './cells.ts';
import { type Cells, cellsOf, customerOf, lineOf, numberAt, type Reading } from './row.ts';
import type { ColumnName } from './settings.ts';

/**
 * A row that was refused; `customer` is absent if it is not known. `isStray`: it belongs to nobody, like a total among
 * lines.
 */
export type Refused = { row: number; message: string; customer?: CustomerRef; isStray: boolean };

/** `uncheckedTotals`: totals that could not be compared with the rows above them, and why. */
export type Rows = { lines: BilledLine[]; refused: Refused[]; uncheckedTotals: string[]; blank: number; rows: number };

/** The title row is the first. */
const FIRST_ROW = 2;

/** Reads all rows below the titles, each by itself: a fault affects only its own company. */
export function readRows(
  records: readonly (readonly string[])[],
  titles: { width: number; places: ReadonlyMap<ColumnName, number> },
  reading: Reading,
): Rows {
  const result: Rows = { lines: [], refused: [], uncheckedTotals: [], blank: 0, rows: 0 };
  const file: Summed = { lines: [] };
  const ids = new Set<string>();
  let group: Group | undefined;
  for (const [index, record] of records.entries()) {
    if (record.every((cell) => cell.trim() === '')) {
      result.blank += 1;
      continue;
    }
    result.rows += 1;
    const row = index + FIRST_ROW;
    const cells = cellsOf(record, titles.places);
    const words = [cells('Company'), cells('Product')];
    const isTotal = words.some((text) => /^(?:grand )?total\b/iu.test(text));
    const customer = customerOf(cells, reading.settings, group?.heading);
    try {
      if (record.length !== titles.width) {
        throw new CellFault(`has ${record.length} cells, but there are ${titles.width} titles`);
      }
      if (reading.settings.grouped && isTotal) {
        const isOfFile = words.some((text) => /^(?:grand )?total$/iu.test(text));
        const unchecked = checkTotal(cells, isOfFile ? file : group, reading);
        if (unchecked !== undefined) result.uncheckedTotals.push(`row ${row}: ${unchecked}`);
        if (!isOfFile) group = undefined;
        continue;
      }
      if (isTotal) throw new CellFault('is a total; export without totals, or set "grouped": true');
      if (reading.settings.grouped && isHeading(cells)) {
        group = { heading: cells('Company'), lines: [] };
        continue;
      }
      if (customer === undefined) throw new CellFault('has no company; export ungrouped, or set "grouped": true');
      const line = lineOf(cells, customer, row, reading);
      if (ids.has(line.id)) throw new CellFault(`Line Id: ${line.id} appears twice; was the export pasted twice?`);
      ids.add(line.id);
      result.lines.push(line);
      for (const summed of [file, group]) summed?.lines.push(line);
    } catch (error) {
      if (!(error instanceof CellFault)) throw error;
      const owner = isTotal ? ownerOf(group, reading) : customer;
      const whose = owner === undefined ? {} : { customer: owner };
      const isStray = isTotal && !(error instanceof TotalDiffers);
      result.refused.push({ row, message: error.message, isStray, ...whose });
      if (!isTotal) for (const summed of [file, group]) if (summed !== undefined) summed.refused ??= row;
    }
  }
  return result;
}

/** Rows that a total can follow; `refused`: the first of them that became no line. */
type Summed = { lines: BilledLine[]; refused?: number };

/** Rows under a heading in a grouped report: they name no company themselves. */
type Group = Summed & { heading: string };

/** A total that disagrees casts doubt on the rows above it. */
const ownerOf = (group: Group | undefined, { settings }: Reading): CustomerRef | undefined =>
  group?.lines[0]?.customer ?? customerOf(() => '', settings, group?.heading);

/** Rows are missing, or there is one too many. */
class TotalDiffers extends CellFault {}

const isHeading = (cells: Cells): boolean =>
  cells('Company') !== '' && cells('Product') === '' && cells('Product Code') === '' && cells('Quantity') === '';

/**
 * Compares a total with the rows that it adds up; returns why that is not possible. A row without an amount does not
 * count as 0.
 * Errors: `TotalDiffers` if it is not their sum.
 */
function checkTotal(cells: Cells, summed: Summed | undefined, reading: Reading): string | undefined {
  const total = numberAt(cells, 'Line Amount', reading.settings);
  if (total === undefined) return 'the total has no Line Amount';
  if (summed === undefined) return 'no heading shows which rows it adds up';
  if (summed.refused !== undefined) return `row ${summed.refused} was refused`;
  const amounts = summed.lines.flatMap(({ amount }) => (amount === undefined ? [] : [decimal(amount)]));
  if (amounts.length < summed.lines.length) return 'not every row above it has a Line Amount';
  const added = sum(amounts);
  if (added.eq(total)) return undefined;
  throw new TotalDiffers(`Line Amount: the rows above add up to ${added.toFixed()}, not to ${total}`);
}
