import type { Cell, CellStyle, CellValue, ConditionalRule, MergeRange, WriteSheet } from 'hucre/xlsx';
import { headingOf, periodInWords } from '../report/heading.ts';
import type { Action } from '../views/action.ts';
import { exactNumber } from '../views/decimal.ts';
import type { ReportData } from '../views/report-data.ts';
import { BLANK_STATES, COMPARISON_STATES, type StateWords } from '../views/states.ts';
import { cellTotals, comparisonTotals, isIncomplete } from '../views/totals.ts';
import { cellText } from './cell-text.ts';
import { FORMATS, headerOf, LABEL, SECTION, TITLE, toned } from './styles.ts';
import { wrappedHeight } from './wrapped-height.ts';

type Styled = { value: string | number; style?: CellStyle };
type Line = Styled[];

/** The run's results on one page, in the colours of the other sheets, each with a mark and its meaning. */
export function summarySheet(data: ReportData, actions: readonly Action[]): WriteSheet {
  const page = new Page();
  const { report, reconciliation } = data;
  const { month, asOf, managingOrganization } = headingOf(report);
  page.add([{ value: `Billing counts, ${month}`, style: TITLE }]);
  page.facts([
    ['Managing organization', { value: managingOrganization }],
    ['Counted at', { value: asOf }],
    ['Run', { value: report.runId }],
    ['Companies', left(report.rows.length)],
    ['Companies with a count missing', left(report.rows.filter(isIncomplete).length)],
    ['Things to do', left(actions.length)],
    ...(reconciliation === undefined
      ? []
      : [['Compared for', { value: periodInWords(reconciliation.period, report) }] satisfies Fact]),
  ]);
  if (reconciliation !== undefined) {
    page.section('Money per month', ['Currency', ...AMOUNTS], FORMATS.money);
    for (const total of reconciliation.totals) {
      const amounts = [total.underBilled, total.countedNotBilled, total.overBilled, total.billedNotCounted];
      page.add([{ value: total.currency }, ...amounts.map(money)]);
    }
    page.states('Compared with what is billed', 'Rows', COMPARISON_STATES, comparisonTotals(reconciliation.rows));
  }
  const { counted, blank } = cellTotals(report);
  page.states('Cells of the sheet Counts', 'Cells', BLANK_STATES, blank, [
    'counted',
    counted,
    'the vendor lists the customer, and this is its number',
  ]);
  page.section('Vendors', ['Vendor', 'Customers', 'State', 'Message', '', '', '']);
  for (const integration of report.integrations) {
    if (integration.status === 'not-installed') continue;
    const { name, status } = integration;
    const tone = status === 'collected' ? 'good' : status === 'partial' ? 'over' : 'lost';
    page.addWrapped([
      { value: name },
      ...(status === 'failed' ? [{ value: '' }] : [{ value: integration.customers, style: FORMATS.number }]),
      { value: status, style: toned(tone) },
      { value: status === 'collected' ? '' : integration.message, style: FORMATS.long },
    ]);
  }
  return page.sheet();
}

const AMOUNTS = ['Billed too little', 'Not billed', 'Billed too much', 'Billed, none counted'];

type Fact = [label: string, value: Styled];

const left = (value: number): Styled => ({ value, style: { alignment: { horizontal: 'left' } } });

/** An amount with more digits than a spreadsheet keeps is written as text. */
const money = (amount: string): Styled => ({ value: exactNumber(amount) ?? amount, style: FORMATS.money });

const WIDTHS = [38, 18, 18, 20, 22, 30, 30];

const BAR = 'FF8FA3CC';

/** Lines and their styles, from top to bottom. */
class Page {
  readonly #rows: CellValue[][] = [];
  readonly #cells = new Map<string, Partial<Cell>>();
  readonly #bars: ConditionalRule[] = [];
  readonly #merges: MergeRange[] = [];
  readonly #heights = new Map<number, { height: number }>();

  add(line: Line): void {
    for (const [column, { style }] of line.entries()) {
      if (style !== undefined) this.#cells.set(`${this.#rows.length},${column}`, { style });
    }
    this.#rows.push(
      line.map(({ value }) => (typeof value === 'string' ? (value === '' ? null : cellText(value)) : value)),
    );
  }

  facts(facts: readonly Fact[]): void {
    for (const [label, value] of facts) this.add([{ value: label, style: LABEL }, value]);
  }

  /** `style`: of the values in all but the first column. */
  section(title: string, header: readonly string[], style: CellStyle = {}): void {
    this.#rows.push([]);
    this.add([{ value: title, style: SECTION }]);
    this.add(header.map((value, index) => ({ value, style: headerOf(index === 0 ? {} : style) })));
  }

  /** A line whose last value can be long: it wraps in the rest of the page's width. */
  addWrapped(line: Line): void {
    const row = this.#rows.length;
    const last = line.length - 1;
    this.add(line);
    this.#merges.push({ startRow: row, endRow: row, startCol: last, endCol: WIDTHS.length - 1 });
    const room = WIDTHS.slice(last).reduce((sum, width) => sum + width, 0);
    this.#heights.set(row, { height: wrappedHeight(String(line.at(-1)?.value ?? ''), room) });
  }

  /** One line per state that occurs, with a bar for its number: a state with 0 would get a bar, too. */
  states<State extends string>(
    title: string,
    unit: string,
    words: Record<State, StateWords>,
    totals: readonly [State, number][],
    first?: [state: string, count: number, meaning: string],
  ): void {
    if (totals.length === 0 && first === undefined) return;
    this.section(title, ['State', unit, 'Mark', 'Meaning', '', '', '']);
    const from = this.#rows.length + 1;
    if (first !== undefined) {
      const [state, count, meaning] = first;
      this.add([{ value: state }, { value: count, style: FORMATS.number }, { value: '' }, { value: meaning }]);
    }
    for (const [state, count] of totals) {
      const { tone, mark, meaning } = words[state];
      this.add([
        { value: state, style: toned(tone) },
        { value: count, style: FORMATS.number },
        { value: mark, style: { ...toned(tone), alignment: { horizontal: 'center' } } },
        { value: meaning },
      ]);
    }
    this.#bars.push({
      type: 'dataBar',
      priority: this.#bars.length + 1,
      range: `B${from}:B${this.#rows.length}`,
      dataBar: { cfvo: [{ type: 'num', value: '0' }, { type: 'max' }], color: BAR },
    });
  }

  sheet(): WriteSheet {
    return {
      name: 'Summary',
      columns: WIDTHS.map((width) => ({ width })),
      merges: this.#merges,
      rowDefs: this.#heights,
      rows: this.#rows,
      cells: this.#cells,
      conditionalRules: this.#bars,
      view: { showGridLines: false },
      pageSetup: { orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
    };
  }
}
