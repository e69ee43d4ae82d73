import { type HeldCell, type ReportTable, valueText } from './cell-table.ts';
import type { BlankCell, ReportColumn } from './report.ts';

/**
 * The rows of report.json, each as JSON, made on demand. What all rows share, the titles, is serialized once and
 * combined with the values: a large report has millions of cells.
 */
export function* rowTexts({ head, cells }: ReportTable): Generator<string> {
  const members = membersOf(head.columns, cells);
  const blanks = new Map<BlankCell, string>();
  const cellsOf = (place: number): string => {
    let text = '';
    for (const { blank, counted, column } of members) {
      const cell = column[place] ?? null;
      if (cell === null) continue;
      if (text !== '') text += ',';
      if (typeof cell !== 'object') {
        text += `${counted}${valueText(cell)}}`;
      } else {
        const why = blanks.get(cell) ?? JSON.stringify(cell);
        blanks.set(cell, why);
        text += blank + why;
      }
    }
    return text;
  };
  for (const [place, { organization, ...rest }] of head.rows.entries()) {
    yield `{"organization":${JSON.stringify(organization)},"cells":{${cellsOf(place)}},${JSON.stringify(rest).slice(1)}`;
  }
}

type Member = { blank: string; counted: string; column: readonly HeldCell[] };

/** The beginnings of a row's cells, in the order of an object's properties: names that are whole numbers come first. */
function membersOf(columns: readonly ReportColumn[], cells: ReportTable['cells']): Member[] {
  const byTitle = Object.fromEntries(columns.map(({ title }, place) => [title, cells[place] ?? []]));
  return Object.entries(byTitle).map(([title, column]) => {
    const blank = `${JSON.stringify(title)}:`;
    return { blank, counted: `${blank}{"state":"counted","value":`, column };
  });
}
