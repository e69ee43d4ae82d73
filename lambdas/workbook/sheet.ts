import { type Cell, type CellStyle, type CellValue, colToLetter, type WriteSheet } from 'hucre/xlsx';
import type { Tone } from '../views/states.ts';
import { cellText, looksLikeError } from './cell-text.ts';
import { type SheetColumn, type UniformColumn, uniform } from './sheet-column.ts';
import { FORMATS, headerOf, toned } from './styles.ts';
import { LINE, wrappedHeight } from './wrapped-height.ts';

/** A sheet that is one table: a header and one line per row. */
export type Table<Row> = {
  name: string;
  columns: readonly SheetColumn<Row>[];
  rows: readonly Row[];
  /** Leading columns that stay in view. */
  frozenColumns: number;
  headerHeight?: number;
  /** The colour of a cell, by the column's title. */
  toneOf?: (row: Row, title: string) => Tone | undefined;
};

/** What a sheet and the workbook's list of names need to know of a table. */
export type WrittenTable = { sheet: WriteSheet; width: number; height: number; frozenColumns: number };

/** Lays a table out as a sheet with a frozen header and a filter. */
export function tableSheet<Row>({
  name,
  columns: declared,
  rows,
  frozenColumns,
  headerHeight,
  toneOf,
}: Table<Row>): WrittenTable {
  const columns = uniform(declared, rows);
  const cells = new Map<string, Partial<Cell>>(
    columns.map(({ title, kind }, index) => [`0,${index}`, { style: headerOf(FORMATS[kind]), ...asText(title) }]),
  );
  const lines: CellValue[][] = [columns.map(({ title }) => cellText(title))];
  const heights = new Map([[0, { height: headerHeight ?? 32 }]]);
  const tones = toneCells(columns.map(({ kind }) => FORMATS[kind]));
  for (const [index, row] of rows.entries()) {
    const height = heightOf(columns, row);
    if (height > LINE) heights.set(index + 1, { height });
    lines.push(
      columns.map(({ title, value }, column) => {
        const written = value(row);
        const tone = toneOf?.(row, title);
        if (tone !== undefined) cells.set(`${index + 1},${column}`, tones(tone, column));
        if (typeof written !== 'string') return written;
        if (looksLikeError(written)) cells.set(`${index + 1},${column}`, asText(written));
        return cellText(written);
      }),
    );
  }
  return {
    width: columns.length,
    height: lines.length,
    frozenColumns,
    sheet: {
      name,
      columns: columns.map(({ width, kind }) => (kind === 'count' ? { width } : { width, style: FORMATS[kind] })),
      rows: lines,
      cells,
      freezePane: { rows: 1, columns: frozenColumns },
      autoFilter: { range: `A1:${colToLetter(columns.length - 1)}${lines.length}` },
      rowDefs: heights,
      pageSetup: {
        orientation: 'landscape',
        ...(columns.length > 20 ? {} : { fitToPage: true, fitToWidth: 1, fitToHeight: 0 }),
      },
    },
  };
}

/** The height of the tallest cell that wraps. */
const heightOf = <Row>(columns: readonly UniformColumn<Row>[], row: Row): number =>
  columns.reduce(
    (most, { kind, width, value }) =>
      kind === 'long' ? Math.max(most, wrappedHeight(String(value(row) ?? ''), width)) : most,
    LINE,
  );

const asText = (text: string): Partial<Cell> => (looksLikeError(text) ? { richText: [{ text }] } : {});

/** One object per tone and column, shared by all cells. */
function toneCells(formats: readonly CellStyle[]): (tone: Tone, column: number) => Partial<Cell> {
  const made = new Map<string, Partial<Cell>>();
  return (tone, column) => {
    const key = `${tone} ${column}`;
    const cell = made.get(key) ?? { style: { ...formats[column], ...toned(tone) } };
    made.set(key, cell);
    return cell;
  };
}
