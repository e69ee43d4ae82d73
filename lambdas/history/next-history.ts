import type { Day } from '../report/day.ts';
import { byText } from '../report/order.ts';
import type { Cell, Report } from '../report/report.ts';
import { type ColumnKind, type CompanyCells, companyCells } from './company-cells.ts';
import { keptUnits, type NamedUnits, type Units } from './named-units.ts';
import { pastOf } from './past.ts';
import type { Before, PastCell, PastCompany, Snapshot, VendorHistory } from './vendor-history.ts';

/** Everything that one vendor's history is made from. */
export type Delivered = {
  report: Report;
  integration: string;
  configuration: string;
  /** The report's day, in the configured zone. */
  day: Day;
  /** Undefined if units are off: then no earlier name is kept either. */
  units: NamedUnits | undefined;
  /** What this report was compared with. */
  before: Snapshot | undefined;
};

/**
 * What the next report compares this vendor with, once this one is delivered. What could not be read stays as last
 * read.
 */
export function historyOf({ report, integration, configuration, day, units, before }: Delivered): VendorHistory {
  const now = companyCells(report, integration);
  const past = new Map(before?.companies.map((company) => [company.id, company]));
  const kinds = new Map(report.columns.map((column) => [column.title, column]));
  const installed = report.integrations.some(
    (entry) => entry.integration === integration && entry.status !== 'not-installed',
  );
  const empty = report.rows
    .filter(({ knownEmpty }) => knownEmpty?.includes(integration) === true)
    .map(({ organization: { id, name } }): PastCompany => ({ id, name, day, empty: true, cells: [], units: [] }));
  const read = now.map((cells) => {
    const { id } = cells.organization;
    return nextCompany(cells, { past: past.get(id), units: units?.get(id), kinds, day });
  });
  const companies = installed ? [...read, ...empty].sort((a, b) => byText(a.id, b.id)) : (before?.companies ?? []);
  const columns = installed ? comingColumns(report, integration) : before?.columns;
  const shown = (snapshot: Snapshot): Snapshot => (units === undefined ? withoutUnits(snapshot) : snapshot);
  return {
    version: 1,
    integration,
    managingOrganization: report.managingOrganization.id,
    configuration,
    last: shown({
      ...{ runId: report.runId, asOf: report.asOf, day, installed },
      ...(columns === undefined ? {} : { columns }),
      companies,
    }),
    ...(before === undefined ? {} : { before: shown(before) }),
  };
}

const comingColumns = (report: Report, vendor: string): Snapshot['columns'] =>
  report.columns.flatMap(({ integration, title, type, appears, definition }) =>
    integration === vendor && appears !== 'always' ? [{ title, type, appears, definition }] : [],
  );

const withoutUnits = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  companies: snapshot.companies.map((company) => ({ ...company, units: [] })),
});

type Known = {
  past: PastCompany | undefined;
  units: ReadonlyMap<string, Units> | undefined;
  kinds: ReadonlyMap<string, ColumnKind>;
  day: Day;
};

function nextCompany(now: CompanyCells, { past, units, kinds, day }: Known): PastCompany {
  const { id, name } = now.organization;
  if (now.blank === 'failed' && past !== undefined) return { ...past, name, failing: true };
  if (now.blank !== undefined) return { id, name, day, state: now.blank, cells: [], units: [] };
  const before = past === undefined ? undefined : pastOf(past);
  const unitsBefore = new Map(past?.units);
  const next: PastCompany = { id, name, day, cells: [], units: [] };
  for (const title of [...now.titles].sort(byText)) {
    const kind = kinds.get(title) ?? HIDDEN;
    const cell = now.cell(title, kind.type);
    const last = cell.state === 'failed' ? before?.cell(title, kind) : undefined;
    if (last !== undefined) next.cells.push([title, unread(last)]);
    else if (!isImplied(cell, kind)) next.cells.push([title, seen(cell)]);
    const mine = units?.get(title);
    const names = last !== undefined ? unitsBefore.get(title) : mine === undefined ? undefined : keptUnits(mine);
    if (names !== undefined) next.units.push([title, names]);
  }
  return next;
}

/** A failed cell of a column that the report does not show: such columns appear only when used. */
const HIDDEN: ColumnKind = { type: 'number', appears: 'when-used' };

const isImplied = (cell: Cell, { appears }: ColumnKind): boolean =>
  cell.state === 'counted' && cell.value === 0 && appears !== 'always';

const seen = (cell: Cell): PastCell => (cell.state === 'counted' ? { value: cell.value } : { state: cell.state });

const unread = ({ value, state, since }: Before): PastCell => ({
  ...(state === 'counted' ? {} : { state }),
  ...(value === undefined ? {} : { value }),
  since,
  failing: true,
});
