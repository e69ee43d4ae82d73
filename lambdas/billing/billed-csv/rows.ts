import { decimal, sum } from '../decimal.ts';
import type { BilledLine, CustomerRef } from '../line.ts';
import { CellFault, readNumber } from './cells.ts';
import { type Cells, cellsOf, customerOf, lineOf, type Reading } from './row.ts';
import type { ColumnName } from './settings.ts';

/** A row that was refused; `customer` is absent where it is not known whose it is. `isTotal`: it is nobody's. */
export type Refused = { row: number; message: string; customer?: CustomerRef; isTotal: boolean };

export type Rows = { lines: BilledLine[]; refused: Refused[]; blank: number; rows: number };

/** The title row is the first. */
const FIRST_ROW = 2;

/** Reads all rows under the titles, each by itself: a fault costs its own company. */
export function readRows(
  records: readonly (readonly string[])[],
  titles: { width: number; places: ReadonlyMap<ColumnName, number> },
  reading: Reading,
): Rows {
  const result: Rows = { lines: [], refused: [], blank: 0, rows: 0 };
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
    const isTotal = [cells('Company'), cells('Product')].some((text) => /^(?:grand )?total\b/iu.test(text));
    const customer = customerOf(cells, reading.settings, group?.heading);
    try {
      if (record.length !== titles.width) {
        throw new CellFault(`has ${record.length} cells where the titles are ${titles.width}`);
      }
      if (reading.settings.grouped && isTotal) {
        checkTotal(cells, group, reading);
        group = undefined;
        continue;
      }
      if (isTotal) throw new CellFault('is a total; export without totals, or set "grouped": true');
      if (reading.settings.grouped && isHeading(cells)) {
        group = { heading: cells('Company'), lines: [] };
        continue;
      }
      if (customer === undefined) throw new CellFault('names no company; export ungrouped, or set "grouped": true');
      const line = lineOf(cells, customer, row, reading);
      if (ids.has(line.id)) throw new CellFault(`Line Id: ${line.id} is there twice; was the export pasted twice?`);
      ids.add(line.id);
      result.lines.push(line);
      group?.lines.push(line);
    } catch (error) {
      if (!(error instanceof CellFault)) throw error;
      const owner = isTotal ? ownerOf(group) : customer;
      const whose = owner === undefined ? {} : { customer: owner };
      result.refused.push({ row, message: error.message, isTotal, ...whose });
    }
  }
  return result;
}

/** Rows under a heading in a grouped report: they name no company themselves. */
type Group = { heading: string; lines: BilledLine[] };

/** A total that disagrees speaks of the rows above it. */
const ownerOf = (group: Group | undefined): CustomerRef | undefined => group?.lines[0]?.customer;

const isHeading = (cells: Cells): boolean =>
  cells('Company') !== '' && cells('Product') === '' && cells('Product Code') === '' && cells('Quantity') === '';

/** Errors: `CellFault` where a total is not the sum of the rows above it. */
function checkTotal(cells: Cells, group: Group | undefined, { settings }: Reading): void {
  const total = cells('Line Amount');
  if (group === undefined || total === '') return;
  const amounts = group.lines.map(({ amount }) => decimal(amount ?? 0));
  const read = decimal(readNumber(total, settings.decimal));
  if (!sum(amounts).eq(read)) {
    throw new CellFault(`Line Amount: the rows above add up to ${sum(amounts).toFixed()}, not to ${read.toFixed()}`);
  }
}
