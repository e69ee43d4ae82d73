import type { CellValue } from '../report/collection.ts';
import type { Day } from '../report/day.ts';
import { sumExact } from '../report/exact-sum.ts';
import { byName, byText, distinct } from '../report/order.ts';
import type { Cell, Report } from '../report/report.ts';
import { type ColumnKind, type CompanyCells, companyCells } from './company-cells.ts';
import type { NamedUnits } from './named-units.ts';
import { pastUnits } from './named-units.ts';
import { type Past, pastOf } from './past.ts';
import { type UnitNames, unitNames } from './unit-names.ts';
import type { Before, PastState, Snapshot } from './vendor-history.ts';

/** One cell that changed since it was last read. */
export type CellChange = {
  company: { id: string; name: string };
  column: string;
  before?: CellValue;
  now?: CellValue;
  /** `now` - `before`, if both are numbers; a company that came or went counts as 0 before or now. */
  difference?: number;
  /** Absent for a new company, or one known to have had nothing at the vendor. */
  stateBefore?: PastState;
  /** Absent for a company that is gone, or is known to have nothing there. */
  stateNow?: Cell['state'];
  /** The day of the earlier reading. */
  since: Day;
} & UnitNames;

/**
 * The cells of one installed vendor that changed, by company and then in the report's order of columns. Without
 * `unitsNow` (units are off) nothing is named.
 */
export function cellChanges(
  report: Report,
  integration: string,
  history: Snapshot,
  unitsNow: NamedUnits | undefined,
): CellChange[] {
  const now = new Map(companyCells(report, integration).map((cells) => [cells.organization.id, cells]));
  const past = new Map(history.companies.filter(({ empty }) => empty !== true).map((company) => [company.id, company]));
  const columns = new Map(report.columns.map((column) => [column.title, column]));
  const place = new Map([...columns.keys()].map((title, index) => [title, index]));
  const companies = new Map(
    [...history.companies, ...[...now.values()].map(({ organization }) => organization)].map(({ id, name }) => [
      id,
      { id, name },
    ]),
  );
  const namesOf =
    unitsNow === undefined
      ? () => ({ added: [], removed: [] })
      : unitNames(pastUnits(history.companies), unitsNow, (id) => companies.get(id)?.name ?? id);
  return [...companies.values()].sort(byCompany).flatMap((company): CellChange[] => {
    const cells = now.get(company.id);
    const pastCompany = past.get(company.id);
    const before = pastCompany === undefined ? undefined : pastOf(pastCompany);
    return distinct([...(cells?.titles ?? []), ...(before?.titles ?? [])])
      .sort((a, b) => (place.get(a) ?? columns.size) - (place.get(b) ?? columns.size) || byText(a, b))
      .flatMap((column): CellChange[] => {
        const change = compare(column, cells, before, columns.get(column), history.day);
        return change === undefined ? [] : [{ company, column, ...change, ...namesOf(company.id, column, change) }];
      });
  });
}

export const byCompany = (a: CellChange['company'], b: CellChange['company']): number =>
  byName(a.name, b.name) || byText(a.id, b.id);

type Compared = Omit<CellChange, 'company' | 'column' | keyof UnitNames>;

function compare(
  column: string,
  cells: CompanyCells | undefined,
  past: Past | undefined,
  shown: ColumnKind | undefined,
  lastDay: Day,
): Compared | undefined {
  const kind = shown ?? hiddenKind(past, column);
  const now = cells?.cell(column, kind.type);
  const before = past?.cell(column, kind);
  if (now === undefined || before === undefined) {
    // For a company on one side only, its counts are changes; the reasons for its blank cells are not.
    if ((past !== undefined && before === undefined) || !isSomething(before ?? now)) return undefined;
  } else if (isSame(before, now) || (kind.appears === 'product' && !isSomething(before) && !isSomething(now))) {
    return undefined;
  }
  const [from, to] = [before?.value, now?.state === 'counted' ? now.value : undefined];
  const difference = differenceOf(before === undefined ? 0 : from, now === undefined ? 0 : to);
  return {
    ...(from === undefined ? {} : { before: from }),
    ...(to === undefined ? {} : { now: to }),
    ...(difference === undefined ? {} : { difference }),
    ...(before === undefined ? {} : { stateBefore: before.state }),
    ...(now === undefined ? {} : { stateNow: now.state }),
    since: before?.since ?? lastDay,
  };
}

/** A cell that could not be read is not news if it could not be read last time either. */
function isSame(before: Before, now: Cell): boolean {
  if (now.state === 'failed') return before.failing || before.state === 'failed';
  return before.state === now.state && before.value === (now.state === 'counted' ? now.value : undefined);
}

/** True for a cell with more than a 0: a product that a company has neither before nor now is not a change. */
const isSomething = (cell: { state: string; value?: CellValue } | undefined): boolean =>
  cell?.value !== undefined && cell.value !== 0;

/** A column that the report no longer shows is one that appears only when used. */
function hiddenKind(past: Past | undefined, column: string): ColumnKind {
  const value = past?.cell(column, { type: 'number', appears: 'when-used' })?.value;
  return { type: typeof value === 'string' ? 'text' : 'number', appears: 'when-used' };
}

const differenceOf = (before: CellValue | undefined, now: CellValue | undefined): number | undefined =>
  typeof before === 'number' && typeof now === 'number' ? sumExact([now, -before]) : undefined;
