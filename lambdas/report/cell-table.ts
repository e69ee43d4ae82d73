import type { CellValue } from './collection.ts';
import type { BlankCell, Cell, Report, ReportColumn, RowCells } from './report.ts';
import { valueText } from './report-rows.ts';

/** A cell as a table holds it: what was read, why there is nothing, or null where no cell is written. */
export type HeldCell = CellValue | BlankCell | null;

/** A cell as it is kept for later steps: a blank one is a list of one, the place of its reason among `blanks`. */
type KeptCell = CellValue | [blank: number] | null;

/** Cells as they are kept: one list a column, each with one cell a row. */
export type KeptCells = { columns: KeptCell[][]; blanks: BlankCell[] };

/** The cells of a report, column by column: a large one has millions, and an object for each would not fit in memory. */
export class CellTable {
  readonly #columns: ReadonlyMap<string, readonly (HeldCell | KeptCell)[]>;
  readonly #blanks: readonly BlankCell[];

  /** `cells`: one list a column, each with one cell a row; `blanks` are the reasons that kept cells name. */
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
export const tableOf = (columns: readonly ReportColumn[], kept: KeptCells): CellTable =>
  new CellTable(columns, kept.columns, kept.blanks);
