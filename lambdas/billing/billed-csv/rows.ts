import { decimal, sum } from '../decimal.ts';
import { type BilledLine, type CustomerRef, customerKey } from '../line.ts';
import { CellFault } from './cells.ts';
import { type Cells, cellsOf, customerOf, lineOf, numberAt, type Reading } from './row.ts';
import type { ColumnName } from './settings.ts';

/**
 * A row that was refused; `customer` is absent if it is not known. `isStray`: it belongs to nobody, like a total among
 * lines.
 */
type Refused = { row: number; message: string; customer?: CustomerRef; isStray: boolean };

/** `uncheckedTotals`: totals that could not be compared with the rows above them, and why. */
export type Rows = { lines: BilledLine[]; refused: Refused[]; uncheckedTotals: string[]; blank: number; rows: number };

/** The title row is the first. */
const FIRST_ROW = 2;

/** Reads all rows below the titles, each by itself: a fault affects only its own company. */
export function readRows(records: readonly (readonly string[])[], titles: Columns, reading: Reading): Rows {
  const named = records
    .filter(({ length }) => length === titles.width)
    .flatMap((record) => customerOf(cellsOf(record, titles.places), reading.settings) ?? []);
  const reader = new RowReader(titles, reading, new Set(named.map(customerKey)));
  for (const [index, record] of records.entries()) reader.read(record, index + FIRST_ROW);
  return reader.result;
}

/** What is above a row decides what it means: its heading, and the rows that a total adds up. */
class RowReader {
  readonly result: Rows = { lines: [], refused: [], uncheckedTotals: [], blank: 0, rows: 0 };
  readonly #titles: Columns;
  readonly #reading: Reading;
  /** Customers of the rows that have as many cells as there are titles. */
  readonly #named: ReadonlySet<string>;
  readonly #file: Summed = { lines: [] };
  readonly #ids = new Set<string>();
  #group: Group | undefined;

  constructor(titles: Columns, reading: Reading, named: ReadonlySet<string>) {
    this.#titles = titles;
    this.#reading = reading;
    this.#named = named;
  }

  read(record: readonly string[], row: number): void {
    if (record.every((cell) => cell.trim() === '')) {
      this.result.blank += 1;
      return;
    }
    this.result.rows += 1;
    const { length } = record;
    const { width, places } = this.#titles;
    const cells = cellsOf(record, places);
    const isTotal = length <= width && isTotalRow(cells, length === width);
    const customer = this.#customerOf(cells, length);
    try {
      if (length !== width) {
        throw new CellFault(`has ${length} cells, but there are ${width} titles`);
      }
      if (isTotal) this.#endGroup(cells, row);
      else if (this.#reading.settings.grouped && isHeading(cells))
        this.#group = { heading: cells('Company'), lines: [] };
      else this.#addLine(cells, customer, row);
    } catch (error) {
      if (!(error instanceof CellFault)) throw error;
      if (isTotal) {
        const owner = isTotalOfFile(cells) ? undefined : ownerOf(this.#group, this.#reading);
        this.#refuse(row, error, owner, !(error instanceof TotalDiffers));
      } else {
        this.#refuse(row, error, customer, false);
        for (const summed of [this.#file, this.#group]) if (summed !== undefined) summed.refused ??= row;
      }
    }
  }

  /**
   * The customer of a row of `length` cells. A delimiter too many in a text moves all cells to its right, one too few
   * joins two cells, and a line break cuts the last one: then only a name that other rows have too is believed, and if
   * cells moved to the right, only an id that stands first. A row as long as two is two, and the second one has
   * another.
   */
  #customerOf(cells: Cells, length: number): CustomerRef | undefined {
    const { width, places } = this.#titles;
    const customer = customerOf(cells, this.#reading.settings, this.#group?.heading);
    if (customer === undefined || length === width) return customer;
    const id = places.get('Company Id');
    const isWhole =
      length > width
        ? length < 2 * width - 1 && id === 0 && cells('Company Id') !== ''
        : [id, places.get('Company')].every((place = 0) => place < length - 1);
    return isWhole && this.#named.has(customerKey(customer)) ? customer : undefined;
  }

  #endGroup(cells: Cells, row: number): void {
    if (!this.#reading.settings.grouped) {
      throw new CellFault('is a total; export without totals, or set "grouped": true');
    }
    const isOfFile = isTotalOfFile(cells);
    const unchecked = checkTotal(cells, isOfFile ? this.#file : this.#group, this.#reading);
    if (unchecked !== undefined) this.result.uncheckedTotals.push(`row ${row}: ${unchecked}`);
    if (!isOfFile) this.#group = undefined;
  }

  #addLine(cells: Cells, customer: CustomerRef | undefined, row: number): void {
    if (customer === undefined) throw new CellFault('has no company; export ungrouped, or set "grouped": true');
    const line = lineOf(cells, customer, row, this.#reading);
    if (this.#ids.has(line.id)) throw new CellFault(`Line Id: ${line.id} appears twice; was the export pasted twice?`);
    this.#ids.add(line.id);
    this.result.lines.push(line);
    for (const summed of [this.#file, this.#group]) summed?.lines.push(line);
  }

  #refuse(row: number, { message }: CellFault, customer: CustomerRef | undefined, isStray: boolean): void {
    this.result.refused.push({ row, message, isStray, ...(customer === undefined ? {} : { customer }) });
  }
}

/** How many cells a row has, and which of them is which column. */
type Columns = { width: number; places: ReadonlyMap<ColumnName, number> };

const namesTotal = (cells: Cells, pattern: RegExp): boolean =>
  [cells('Company'), cells('Product')].some((text) => pattern.test(text));

const isTotalOfFile = (cells: Cells): boolean => namesTotal(cells, /^(?:grand )?total:?$/iu);

/**
 * A total by its words, or by one that begins names too (Total Wine, Total Security) if there is a figure and no line.
 */
const isTotalRow = (cells: Cells, isInPlace: boolean): boolean =>
  isTotalOfFile(cells) ||
  namesTotal(cells, /^(?:grand )?total (?:for|of)\b/iu) ||
  (isInPlace && namesTotal(cells, /^(?:grand )?total\b/iu) && !namesBoth(cells) && hasFigure(cells));

const hasFigure = (cells: Cells): boolean => cells('Quantity') !== '' || cells('Line Amount') !== '';

const namesBoth = (cells: Cells): boolean =>
  (cells('Company') !== '' || cells('Company Id') !== '') && (cells('Product') !== '' || cells('Product Code') !== '');

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
