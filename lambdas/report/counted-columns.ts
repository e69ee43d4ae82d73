import type { HeldCell } from './cell-table.ts';
import { companyCell, isUsed } from './cells.ts';
import type { CellValue, CustomerCount } from './collection.ts';
import type { Column } from './column.ts';
import type { BlankCell } from './report.ts';

/** A column that could appear, with its cells, one per row. */
type Candidate = { column: Column; place: number; cells: HeldCell[]; appears: boolean };

/** What is missing in a company's counts. */
export type Open = {
  /** Cells without a value, in the order of the columns; including those of columns that do not appear in the end. */
  blanks: { column: Column; place: number; blank: BlankCell }[];
  /** Which customers a number does not include, in words. */
  leftOut: string[];
};

/**
 * One integration's cells, column by column, filled company by company. A customer has few of all products, so only
 * those that it names are visited; fixed columns always are.
 */
export class CountedColumns {
  readonly #candidates: readonly Candidate[];
  readonly #fixed: readonly Candidate[];
  /** By title. */
  readonly #all: ReadonlyMap<string, Candidate>;

  /** `columns`: all that could appear, in order; `rows`: how many the report has. */
  constructor(columns: readonly Column[], rows: number) {
    this.#candidates = columns.map((column, place) => ({
      column,
      place,
      cells: new Array<HeldCell>(rows).fill(null),
      appears: column.appears === 'always',
    }));
    this.#fixed = this.#candidates.filter(({ column }) => column.appears !== 'product');
    this.#all = new Map(this.#candidates.map((candidate) => [candidate.column.title, candidate]));
  }

  /**
   * Counts the cells of the company in this row, all of whose customers were read; `customers` are the counted ones.
   */
  count(row: number, customers: readonly CustomerCount[]): Open {
    const open: Open = { blanks: [], leftOut: [] };
    const [only] = customers;
    if (only === undefined || customers.length > 1 || hasMembers(only.gaps)) {
      const concerned = new Set([...this.#fixed, ...this.#mentioned(customers)]);
      for (const candidate of concerned) combine(candidate, row, customers, open);
    } else {
      this.#take(row, only, open);
    }
    open.blanks.sort((a, b) => a.place - b.place);
    return open;
  }

  /**
   * The columns that appear, in order, given the companies that were counted. Those of the last report (`last`, by
   * title) keep their place if it is not known what is in them now, as a company at this vendor, or one of its cells,
   * could not be read.
   */
  shown(last: ReadonlySet<string>, isUnread: boolean): { column: Column; cells: HeldCell[] }[] {
    const isInDoubt = ({ column, cells }: Candidate): boolean =>
      last.has(column.title) && (isUnread || cells.some(isFailed));
    return this.#candidates.filter((candidate) => candidate.appears || isInDoubt(candidate));
  }

  /** A company with just this one, complete customer: the usual case, whose numbers are copied. */
  #take(row: number, customer: CustomerCount, open: Open): void {
    const { counts } = customer;
    for (const { column, cells } of this.#fixed) if (column.type === 'number') cells[row] = 0;
    for (const title in counts) {
      const candidate = this.#all.get(title);
      const value = counts[title];
      if (candidate === undefined) continue;
      // JSON can hold a minus 0.
      if (typeof value === 'number') keep(candidate, row, value === 0 ? 0 : value);
      else combine(candidate, row, [customer], open);
    }
    for (const candidate of this.#fixed) {
      if (candidate.cells[row] === null) combine(candidate, row, [customer], open);
    }
  }

  /** The columns that any of these customers names. */
  *#mentioned(customers: readonly CustomerCount[]): Generator<Candidate> {
    for (const { counts, gaps } of customers) {
      for (const title of [...Object.keys(counts), ...Object.keys(gaps)]) {
        const candidate = this.#all.get(title);
        if (candidate !== undefined) yield candidate;
      }
    }
  }
}

const isFailed = (cell: HeldCell): boolean => typeof cell === 'object' && cell?.state === 'failed';

/** The cell of a company from those of its customers. */
function combine(candidate: Candidate, row: number, customers: readonly CustomerCount[], open: Open): void {
  const { column, place } = candidate;
  const { cell, leftOut } = companyCell(column, customers);
  open.leftOut.push(...leftOut);
  if (typeof cell !== 'object') {
    keep(candidate, row, cell);
    return;
  }
  if (column.appears === 'product') candidate.appears = true;
  candidate.cells[row] = cell;
  open.blanks.push({ column, place, blank: cell });
}

/** A product that any customer names has a column even if all have 0 of it; the zeros themselves are not written. */
function keep(candidate: Candidate, row: number, value: CellValue): void {
  const isProduct = candidate.column.appears === 'product';
  const used = isUsed(value);
  if (isProduct || used) candidate.appears = true;
  if (!isProduct || used) candidate.cells[row] = value;
}

function hasMembers(record: object): boolean {
  for (const _ in record) return true;
  return false;
}
