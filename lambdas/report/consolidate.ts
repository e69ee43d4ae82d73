import type { Outcome } from './collection.ts';
import type { Catalog, CatalogEntry, Column } from './column.ts';
import { dataQuality } from './data-quality.ts';
import { ReportError } from './errors.ts';
import { type IntegrationPart, integrationPart } from './integration-part.ts';
import { knownEmptyAt, type Organization, rowsOf } from './organization.ts';
import type { Report, ReportColumn, ReportRow } from './report.ts';

/** All that a report is made of. */
export type ReportParts = {
  runId: string;
  asOf: string;
  /** IANA name. */
  timeZone: string;
  managingOrganization: { id: string; name: string };
  catalog: Catalog;
  /** All of them; those that are not enabled become no rows, and their ids do not count. */
  organizations: readonly Organization[];
  outcomes: readonly Outcome[];
  /** Installed integrations that the run left out. */
  notAsked?: readonly string[];
  /** By integration, the columns that the last delivered report showed: they keep their place where it is not known what is in them now. */
  shownLast?: ReadonlyMap<string, readonly Column[]>;
};

/**
 * Makes the report: every company a row, every cell of an installed integration a state, and every customer whose counts
 * are in no row in a list of its own. The same facts give the same report in whatever order they come.
 * Errors: `ConfigurationError` for an outcome that the catalog does not know, and for a title that two integrations use.
 */
export function consolidate(of: ReportParts): Report {
  const { runId, asOf, timeZone, managingOrganization, notAsked = [], shownLast } = of;
  const catalog = [...of.catalog].sort((a, b) => a.position - b.position);
  const outcomes = new Map(of.outcomes.map((outcome) => [outcome.integration, outcome]));
  for (const id of outcomes.keys()) {
    if (!catalog.some((entry) => entry.id === id)) {
      throw new ReportError('ConfigurationError', `collected from "${id}", which is no known integration`);
    }
  }
  const organizations = rowsOf(of.organizations, managingOrganization);
  const parts = catalog.map((entry) => ({
    entry,
    ...integrationPart(entry, outcomes.get(entry.id), organizations, shownLast?.get(entry.id)),
  }));
  return {
    runId,
    asOf,
    timeZone,
    managingOrganization,
    ...(notAsked.length === 0 ? {} : { notAsked: [...notAsked] }),
    columns: reportColumns(parts),
    rows: organizations.map((organization) => reportRow(organization, parts, notAsked)),
    unmapped: parts.flatMap(({ unmapped }) => unmapped),
    ambiguous: parts.flatMap(({ ambiguous }) => ambiguous),
    withheld: parts.flatMap(({ withheld }) => withheld),
    notFound: parts.flatMap(({ notFound }) => notFound),
    integrations: parts.map(({ integration }) => integration),
  };
}

type Part = IntegrationPart & { entry: CatalogEntry };

const isMappedAt = ({ integrationIds }: Organization, integration: string): boolean =>
  (integrationIds.get(integration)?.length ?? 0) > 0;

/** A title belongs to one integration, or one vendor's numbers would be read as another's. */
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

function reportRow(organization: Organization, parts: readonly Part[], notAsked: readonly string[]): ReportRow {
  const { id, name } = organization;
  const catalog = parts.map(({ entry }) => entry);
  const knownEmpty = knownEmptyAt(organization, catalog);
  const byIntegration = parts.flatMap(({ entry, rows }) => {
    const company = knownEmpty.includes(entry.id) ? undefined : rows.get(id);
    return company === undefined ? [] : [{ entry, ...company }];
  });
  const gaps = byIntegration.flatMap((company) => company.gaps);
  const notes = byIntegration.flatMap(({ entry, notes }) => notes.map((note) => ({ subject: entry.name, note })));
  return {
    organization: { id, name },
    cells: Object.fromEntries(byIntegration.flatMap(({ cells }) => cells)),
    ...(gaps.length === 0 ? {} : { gaps }),
    ...(knownEmpty.length === 0 ? {} : { knownEmpty }),
    ...(notes.length === 0 ? {} : { notes: notes.map(({ subject, note }) => `${subject}: ${note}`) }),
    dataQuality: dataQuality(
      byIntegration.flatMap(({ entry, gaps }) => gaps.map((gap) => ({ ...gap, subject: gap.column ?? entry.name }))),
      notes,
      catalog
        .filter((entry) => notAsked.includes(entry.id) && isMappedAt(organization, entry.id))
        .map((entry) => entry.name),
    ),
  };
}
