import type { Catalog, CatalogEntry } from './catalog.ts';
import { dataQuality } from './data-quality.ts';
import { ReportError } from './errors.ts';
import { type LineUp, lineUp } from './line-up.ts';
import { knownEmptyAt, type Organization, rowsOf } from './organization.ts';
import type { Outcome } from './outcome.ts';
import type { Report, ReportColumn, ReportRow } from './report.ts';

export type { Outcome } from './outcome.ts';

/** All that a report is made of. */
export type Given = {
  runId: string;
  asOf: string;
  managingOrganization: { id: string; name: string };
  catalog: Catalog;
  /** All of them; those that are not enabled become no rows, and their claims do not exist. */
  organizations: readonly Organization[];
  outcomes: readonly Outcome[];
};

/**
 * Makes the report: every company a row, every cell of an installed integration a state, and every customer whose counts
 * stand in no row told apart. The same facts give the same report in whatever order they come.
 * Errors: `ConfigurationError` for an outcome that the catalog does not know, and for a title that two integrations use.
 */
export function consolidate(given: Given): Report {
  const { runId, asOf, managingOrganization } = given;
  const catalog = [...given.catalog].sort((a, b) => a.position - b.position);
  const outcomes = new Map(given.outcomes.map((outcome) => [outcome.integration, outcome]));
  for (const id of outcomes.keys()) {
    if (!catalog.some((entry) => entry.id === id)) {
      throw new ReportError('ConfigurationError', `collected from "${id}", which is no known integration`);
    }
  }
  const organizations = rowsOf(given.organizations, managingOrganization);
  const parts = catalog.map((entry) => ({ entry, ...lineUp(entry, outcomes.get(entry.id), organizations) }));
  return {
    runId,
    asOf,
    managingOrganization,
    columns: reportColumns(parts),
    rows: organizations.map((organization) => reportRow(organization, parts)),
    unmapped: parts.flatMap(({ unmapped }) => unmapped),
    ambiguous: parts.flatMap(({ ambiguous }) => ambiguous),
    withheld: parts.flatMap(({ withheld }) => withheld),
    notFound: parts.flatMap(({ notFound }) => notFound),
    integrations: parts.map(({ integration }) => integration),
  };
}

type Part = LineUp & { entry: CatalogEntry };

/** A title stands for one integration, or one vendor's numbers would be read as another's. */
function reportColumns(parts: readonly Part[]): ReportColumn[] {
  const owners = new Map<string, string>();
  const columns = parts.flatMap(({ entry, columns }) =>
    columns.map((column): ReportColumn => ({ ...column, integration: entry.id })),
  );
  for (const { title, integration } of columns) {
    const owner = owners.get(title);
    if (owner !== undefined) {
      throw new ReportError('ConfigurationError', `the column "${title}" belongs to ${owner} and to ${integration}`);
    }
    owners.set(title, integration);
  }
  return columns;
}

function reportRow(organization: Organization, parts: readonly Part[]): ReportRow {
  const { id, name } = organization;
  const knownEmpty = knownEmptyAt(
    organization,
    parts.map(({ entry }) => entry),
  );
  const own = parts.flatMap(({ entry, rows }) => {
    const part = knownEmpty.includes(entry.id) ? undefined : rows.get(id);
    return part === undefined ? [] : [{ entry, ...part }];
  });
  const gaps = own.flatMap(({ entry, gaps }) =>
    gaps.map((gap) => ({ gap, named: { ...gap, subject: gap.column ?? entry.name } })),
  );
  const notes = own.flatMap(({ entry, notes }) => notes.map((note) => ({ subject: entry.name, note })));
  return {
    organization: { id, name },
    cells: Object.fromEntries(own.flatMap(({ cells }) => cells)),
    ...(gaps.length === 0 ? {} : { gaps: gaps.map(({ gap }) => gap) }),
    ...(knownEmpty.length === 0 ? {} : { knownEmpty }),
    ...(notes.length === 0 ? {} : { notes: notes.map(({ subject, note }) => `${subject}: ${note}`) }),
    dataQuality: dataQuality(
      gaps.map(({ named }) => named),
      notes,
    ),
  };
}
