import type { CellValue } from '../report/collection.ts';
import { csv } from '../report/csv.ts';
import { sumExact } from '../report/exact-sum.ts';
import type { Report } from '../report/report.ts';
import { byCompany, type CellChange } from './cell-changes.ts';
import type { Changes, CompanyChange, VendorChanges } from './changes.ts';
import type { VendorDrop } from './vendor-drop.ts';

/** One line of changes.csv, for every view of it. */
export type ChangeLine = {
  company: string;
  /** Absent if the line is about a whole vendor. */
  companyId?: string;
  integration?: string;
  column?: string;
  before?: CellValue;
  now?: CellValue;
  difference?: number;
  stateBefore?: string;
  stateNow?: string;
  added: string[];
  removed: string[];
  /** Set if another company is named among these. */
  namesOthers?: true;
  since: string;
};

/**
 * The lines: first changes of whole vendors, then companies that came, went or have a new name, then the cells by
 * company. A whole vendor's line gives in `Company` the number of companies concerned; numbers if it is about one
 * column, otherwise what each column lost in `Removed`. The cells that it summarizes have no lines of their own.
 */
export function changeLines(report: Report, { companies, vendors }: Changes): ChangeLine[] {
  const place = new Map(report.integrations.map(({ integration }, index) => [integration, index]));
  const placeOf = ({ integration }: VendorChanges): number => place.get(integration.id) ?? place.size;
  const ordered = vendors.toSorted((a, b) => placeOf(a) - placeOf(b));
  const cells = ordered.flatMap(({ integration, cells }) => cells.map((cell) => ({ integration, cell })));
  return [
    ...ordered.flatMap(vendorLines),
    ...companies.map(companyLine),
    ...cells
      .sort((a, b) => byCompany(a.cell.company, b.cell.company))
      .map(({ integration, cell }) => cellLine(integration.name, cell)),
  ];
}

/** changes.csv; only the header if nothing changed, and on the first run. */
export const changesCsv = (report: Report, changes: Changes): string =>
  csv(changeLines(report, changes), [
    { label: 'Company', value: ({ company }) => company },
    { label: 'Integration', value: ({ integration }) => integration ?? null },
    { label: 'Column', value: ({ column }) => column ?? null },
    { label: 'Before', value: ({ before }) => before ?? null },
    { label: 'Now', value: ({ now }) => now ?? null },
    { label: 'Difference', value: ({ difference }) => difference ?? null },
    { label: 'State Before', value: ({ stateBefore }) => stateBefore ?? null },
    { label: 'State Now', value: ({ stateNow }) => stateNow ?? null },
    { label: 'Added', value: ({ added }) => inOneField(added) },
    { label: 'Removed', value: ({ removed }) => inOneField(removed) },
    { label: 'Since', value: ({ since }) => since },
  ]);

const ALL = '(all companies)';

function vendorLines({ integration, uninstalledSince, drop }: VendorChanges): ChangeLine[] {
  const line = { integration: integration.name, stateBefore: 'counted', added: [], removed: [] };
  if (uninstalledSince !== undefined) {
    return [{ ...line, company: ALL, stateNow: 'not installed', since: uninstalledSince }];
  }
  return drop === undefined ? [] : [{ ...line, ...dropped(drop) }];
}

function dropped({ companies, of, columns, states, since }: VendorDrop) {
  const company = companies === of ? ALL : `(${companies} of ${of} companies)`;
  const line = { company, stateNow: states.join('; '), since };
  const [only, ...others] = columns;
  if (only === undefined || others.length > 0) {
    return {
      ...line,
      removed: columns.map(({ title, before, now }) => `${title} (${before} -> ${now ?? 'not read'})`),
    };
  }
  const { title, before, now } = only;
  return {
    ...line,
    column: title,
    before,
    ...(now === undefined ? {} : { now, difference: sumExact([now, -before]) }),
  };
}

const companyLine = ({ company, change, nameBefore, since }: CompanyChange): ChangeLine => ({
  company: company.name,
  companyId: company.id,
  stateNow: change,
  added: nameBefore === undefined ? [] : [`${nameBefore} -> ${company.name}`],
  removed: [],
  since,
});

const cellLine = (integration: string, { company, ...cell }: CellChange): ChangeLine => ({
  ...cell,
  company: company.name,
  companyId: company.id,
  integration,
});

/** More names than this in one field do not help. */
const NAMED = 20;

/** The first names, and how many more there are; null for none. */
export function inOneField(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const more = names.length - NAMED;
  return [...names.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
