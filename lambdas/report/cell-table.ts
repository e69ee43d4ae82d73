import type { CellValue } from './collection.ts';
import type { BlankCell, Cell, Report, ReportColumn, ReportHead, RowCells } from './report.ts';

/** A cell in a table: the value that was read, why there is none, or null if no cell is written. */
export type HeldCell = CellValue | BlankCell | null;

/** A report as it is made and written, column by column: one list per column, each with one cell per row. */
export type ReportTable = { head: ReportHead; cells: readonly (readonly HeldCell[])[] };

/** The same report, to be read row by row. */
export function asReport({ head, cells }: ReportTable): Report {
  const table = new CellTable(head.columns, cells);
  return { ...head, rows: head.rows.map((row, place) => ({ ...row, cells: table.row(place) })) };
}

/** The same report, to be written. */
export function asTable(report: Report): ReportTable {
  const { columns, rows } = report;
  return {
    head: { ...report, rows: rows.map(({ cells: _, ...row }) => row) },
    cells: columns.map(({ title }) => rows.map(({ cells }) => heldOf(cells.get(title)))),
  };
}

function heldOf(cell: Cell | undefined): HeldCell {
  if (cell === undefined) return null;
  return cell.state === 'counted' ? cell.value : cell;
}

/** A cell as kept for later steps: a blank one is a list with the index of its reason in `blanks`. */
type KeptCell = CellValue | [blank: number] | null;

/** Cells as kept for later steps: one list per column, each with one cell per row. */
export type KeptCells = { columns: KeptCell[][]; blanks: BlankCell[] };

/**
 * The cells of a report, column by column: a large one has millions, and an object for each would not fit in memory.
 */
export class CellTable {
  readonly #columns: ReadonlyMap<string, readonly (HeldCell | KeptCell)[]>;
  readonly #blanks: readonly BlankCell[];

  /** `cells`: one list per column, each with one cell per row; `blanks` are the reasons that kept cells refer to. */
  constructor(
    columns: readonly ReportColumn[],
    cells: readonly (readonly (HeldCell | KeptCell)[])[],
    blanks: readonly BlankCell[] = [],
  ) {
    this.#columns = new Map(columns.map(({ title }, place) => [title, cells[place] ?? []]));
    this.#blanks = blanks;
  }

  /** The cells of a row, by its place in the report. */
  row(place: number): RowCells {
    return new TableRow(this.#columns, this.#blanks, place);
  }
}

class TableRow implements RowCells {
  readonly #columns: ReadonlyMap<string, readonly (HeldCell | KeptCell)[]>;
  readonly #blanks: readonly BlankCell[];
  readonly #place: number;

  constructor(
    columns: ReadonlyMap<string, readonly (HeldCell | KeptCell)[]>,
    blanks: readonly BlankCell[],
    place: number,
  ) {
    this.#columns = columns;
    this.#blanks = blanks;
    this.#place = place;
  }

  get(title: string): Cell | undefined {
    const held = this.#columns.get(title)?.[this.#place];
    if (held === undefined || held === null) return undefined;
    if (typeof held !== 'object') return { state: 'counted', value: held };
    return Array.isArray(held) ? this.#blanks[held[0]] : held;
  }
}

/** The lists of `KeptCells` as JSON; `blanks` is complete only after `columns` is written. */
export function keptCells({ cells }: ReportTable): Record<keyof KeptCells, () => Iterable<string>> {
  const blanks = new Map<BlankCell, string>();
  const textOf = (cell: HeldCell): string => {
    if (cell === null) return 'null';
    if (typeof cell !== 'object') return valueText(cell);
    const text = blanks.get(cell) ?? `[${blanks.size}]`;
    blanks.set(cell, text);
    return text;
  };
  return {
    columns: function* () {
      for (const column of cells) yield `[${column.map(textOf).join(',')}]`;
    },
    blanks: function* () {
      for (const blank of blanks.keys()) yield JSON.stringify(blank);
    },
  };
}

/** The table of kept cells. */
export const tableOf = (columns: readonly ReportColumn[], kept: KeptCells): CellTable =>
  new CellTable(columns, kept.columns, kept.blanks);

/** A value as JSON: `JSON.stringify`, which is slow for what is a whole number nearly always. */
export const valueText = (value: CellValue): string =>
  Number.isSafeInteger(value) ? String(value) : JSON.stringify(value);
