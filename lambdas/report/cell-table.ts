import type { CellValue } from './collection.ts';
import type { BlankCell, Cell, Report, ReportColumn, RowCells } from './report.ts';
import { valueText } from './report-rows.ts';

/** A cell as a table holds it: what was read, why there is nothing, or null where no cell is written. */
export type HeldCell = CellValue | BlankCell | null;

/** The cells of a report, column by column: a large one has millions, and an object for each would not fit in memory. */
export class CellTable {
  readonly #columns: ReadonlyMap<string, readonly HeldCell[]>;

  /** `cells`: one list a column, each with one cell a row. */
  constructor(columns: readonly ReportColumn[], cells: readonly (readonly HeldCell[])[]) {
    this.#columns = new Map(columns.map(({ title }, place) => [title, cells[place] ?? []]));
  }

  /** The cells of a row, by its place in the report. */
  row(place: number): RowCells {
    return new TableRow(this.#columns, place);
  }
}

class TableRow implements RowCells {
  readonly #columns: ReadonlyMap<string, readonly HeldCell[]>;
  readonly #place: number;

  constructor(columns: ReadonlyMap<string, readonly HeldCell[]>, place: number) {
    this.#columns = columns;
    this.#place = place;
  }

  get(title: string): Cell | undefined {
    const held = this.#columns.get(title)?.[this.#place];
    if (held === undefined || held === null) return undefined;
    return typeof held === 'object' ? held : { state: 'counted', value: held };
  }
}

/** Cells as they are kept for later steps: one list a column. A blank cell is a list of one, the place of its reason among `blanks`. */
export type KeptCells = { columns: (CellValue | [blank: number] | null)[][]; blanks: BlankCell[] };

/** The lists of `KeptCells` as JSON; `blanks` are complete once `columns` were written. */
export function keptCells({ columns, rows }: Report): Record<keyof KeptCells, () => Iterable<string>> {
  const blanks = new Map<BlankCell, number>();
  const textOf = (cell: Cell | undefined): string => {
    if (cell === undefined) return 'null';
    if (cell.state === 'counted') return valueText(cell.value);
    const place = blanks.get(cell) ?? blanks.size;
    blanks.set(cell, place);
    return `[${place}]`;
  };
  return {
    columns: function* () {
      for (const { title } of columns) yield `[${rows.map(({ cells }) => textOf(cells.get(title))).join(',')}]`;
    },
    blanks: function* () {
      for (const blank of blanks.keys()) yield JSON.stringify(blank);
    },
  };
}

/** Cells as they were kept. */
export const tableOf = (columns: readonly ReportColumn[], { columns: kept, blanks }: KeptCells): CellTable =>
  new CellTable(
    columns,
    kept.map((cells) => cells.map((cell) => (Array.isArray(cell) ? (blanks[cell[0]] ?? null) : cell))),
  );
