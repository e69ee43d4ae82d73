import type { Cell, Report, ReportColumn, ReportRow } from '../report/report.ts';

/** What a column means for cells that are not written. */
export type ColumnKind = Pick<ReportColumn, 'type' | 'appears'>;

/** One company's cells of one integration, including those of columns that the report does not show. */
export type CompanyCells = {
  organization: ReportRow['organization'];
  /** Set if all cells are blank for one reason. */
  blank?: Exclude<Cell['state'], 'counted'>;
  /** Titles of the cells that are written, and of failed cells whose column is not shown. */
  titles: string[];
  cell: (title: string, type: ColumnKind['type']) => Cell;
};

/**
 * The companies' cells of one integration; none if it is not installed, and none for a company known to have nothing
 * there. A company that was read has a true 0 in a number column that the report does not show: such columns are hidden
 * only if nobody has anything in them.
 */
export function companyCells(report: Report, integration: string): CompanyCells[] {
  const status = report.integrations.find((entry) => entry.integration === integration)?.status;
  if (status === undefined || status === 'not-installed') return [];
  const columns = report.columns.filter((column) => column.integration === integration).map(({ title }) => title);
  const rows = report.rows.filter(({ knownEmpty }) => knownEmpty?.includes(integration) !== true);
  return rows.map(({ organization, cells, gaps = [] }): CompanyCells => {
    const gapsHere = gaps.filter((gap) => gap.integration === integration);
    const blank = gapsHere.find(({ column }) => column === undefined)?.state;
    const failed = gapsHere.flatMap(({ column, state }) =>
      column !== undefined && state === 'failed' ? [column] : [],
    );
    const hidden = failed.filter((title) => !columns.includes(title));
    return {
      organization,
      ...(blank === undefined ? {} : { blank }),
      titles: [...columns.filter((title) => cells.get(title) !== undefined), ...hidden],
      cell: (title, type) => {
        const cell = cells.get(title);
        if (cell !== undefined) return cell;
        if (hidden.includes(title)) return FAILED;
        if (blank !== undefined) return blankCell(blank);
        return type === 'number' ? ZERO : UNSTATED;
      },
    };
  });
}

const ZERO: Cell = { state: 'counted', value: 0 };
const FAILED: Cell = { state: 'failed', error: 'VendorContractError' };
const UNSTATED: Cell = { state: 'excluded', reason: 'not stated by the vendor' };

/** Only the state of these cells is used. */
const blankCell = (state: Exclude<Cell['state'], 'counted'>): Cell =>
  state === 'failed' ? FAILED : state === 'excluded' ? UNSTATED : { state };
