import type { Tone } from '../views/states.ts';
import { type Content, html, type Markup } from './markup.ts';

/** One column of a table. */
export type PageColumn<Row> = {
  title: string;
  /**
   * `head`: the row's header, which screen readers read with each cell; `number`: aligned and sorted as one; `long`: a
   * sentence.
   */
  kind?: 'head' | 'number' | 'day' | 'long';
  cell: (row: Row) => Content;
  /** Shown only if some row has a value. */
  optional?: boolean;
};

export type PageTable<Row> = {
  /** Id of the heading that names the table. */
  labelledBy: string;
  columns: readonly PageColumn<Row>[];
  rows: readonly Row[];
  /** The word that the script filters by. */
  stateOf?: (row: Row) => string | undefined;
  /** With more columns than fit a window: header and first column stay in view. */
  wide?: boolean;
};

/** With more rows, nobody reads on and a browser is slow; what matters comes first in the order of the rows. */
const MOST_ROWS = 5000;

/** A table in a frame that scrolls, also by keyboard, if it is wider than the window. */
export function tableOf<Row>({ labelledBy, columns: declared, rows, stateOf, wide }: PageTable<Row>): Markup {
  const columns = declared.filter(
    ({ optional, cell }) => optional !== true || rows.some((row) => cell(row) !== undefined),
  );
  const head = columns.map(({ title, kind }) => html`<th scope="col"${classOf(kind)}>${title}</th>`);
  return html`<div class="frame${wide === true ? ' tall' : ''}" role="region" aria-labelledby="${labelledBy}" tabindex="0">
<table class="list${wide === true ? ' wide' : ''}" aria-labelledby="${labelledBy}">
<thead><tr>${head}</tr></thead>
<tbody>
${rows.slice(0, MOST_ROWS).map((row) => lineOf(columns, row, stateOf?.(row)))}</tbody></table></div>
${
  rows.length > MOST_ROWS
    ? html`<p>These are the first ${MOST_ROWS} of ${rows.length} rows; report.xlsx has them all.</p>
`
    : undefined
}`;
}

function lineOf<Row>(columns: readonly PageColumn<Row>[], row: Row, state: string | undefined): Markup {
  const cells = columns.map(({ kind, cell }) =>
    kind === 'head' ? html`<th scope="row">${cell(row)}</th>` : html`<td${classOf(kind)}>${cell(row)}</td>`,
  );
  return html`<tr${state === undefined ? undefined : html` data-state="${state}"`}>${cells}</tr>
`;
}

function classOf(kind: PageColumn<never>['kind']): Content {
  if (kind === 'number') return html` class="n"`;
  if (kind === 'day') return html` class="day"`;
  return kind === 'long' ? html` class="long"` : undefined;
}

/** A state as a coloured word with a mark, so that it can be told apart without colours. */
export const chip = (tone: Tone, mark: string, word: string): Markup =>
  html`<span class="chip ${tone}"><span aria-hidden="true">${mark} </span>${word}</span>`;
