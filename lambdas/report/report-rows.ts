import type { CellValue } from './collection.ts';
import type { BlankCell, Report, ReportRow } from './report.ts';

/**
 * The rows of report.json, each as JSON, made when they are asked for. What is alike in all rows, the titles, is written once and
 * put together with the values: a large report has millions of cells.
 */
export function* rowTexts({ columns, rows }: Report): Generator<string> {
  const titles = membersOf(columns.map(({ title }) => title)).map((title) => ({
    title,
    blank: `${JSON.stringify(title)}:`,
    counted: `${JSON.stringify(title)}:{"state":"counted","value":`,
  }));
  const blanks = new Map<BlankCell, string>();
  const cellsOf = (row: ReportRow): string => {
    let text = '';
    for (const { title, blank, counted } of titles) {
      const cell = row.cells.get(title);
      if (cell === undefined) continue;
      const between = text === '' ? '' : ',';
      if (cell.state === 'counted') {
        text += `${between}${counted}${valueText(cell.value)}}`;
      } else {
        const why = blanks.get(cell) ?? JSON.stringify(cell);
        blanks.set(cell, why);
        text += between + blank + why;
      }
    }
    return text;
  };
  for (const row of rows) {
    const { organization, cells: _, ...rest } = row;
    yield `{"organization":${JSON.stringify(organization)},"cells":{${cellsOf(row)}},${JSON.stringify(rest).slice(1)}`;
  }
}

/** A value as JSON: `JSON.stringify`, which is slow for what is a whole number nearly always. */
export const valueText = (value: CellValue): string =>
  Number.isSafeInteger(value) ? String(value) : JSON.stringify(value);

/** The names in the order in which an object has them: those that are whole numbers come first. */
const membersOf = (names: readonly string[]): string[] =>
  Object.keys(Object.fromEntries(names.map((name) => [name, 0])));
