import { asReport, type ReportTable } from './cell-table.ts';
import type { Outcome } from './collection.ts';
import type { Catalog, CatalogEntry, Column } from './column.ts';
import { dataQuality } from './data-quality.ts';
import { ReportError } from './errors.ts';
import { type IntegrationPart, integrationPart } from './integration-part.ts';
import { knownEmptyAt, type Organization, rowsOf } from './organization.ts';
import type { Report, ReportColumn, ReportHead, RowHead } from './report.ts';

/** What a report is made of besides what was collected. */
export type ReportFrame = {
  runId: string;
  asOf: string;
  /** IANA name. */
  timeZone: string;
  managingOrganization: { id: string; name: string };
  catalog: Catalog;
  /** All of them; those that are not enabled get no rows, and their ids do not count. */
  organizations: readonly Organization[];
  /** Installed integrations that the run left out. */
  notAsked?: readonly string[];
};

/** A report in the making. An outcome can be released once it was added: only its columns are kept. */
export type Consolidation = {
  /**
   * `shownLast`: the integration's columns in the last delivered report; they keep their place if it is not known what
   * is in them now.
   * Errors: `ConfigurationError` for an integration that the catalog does not know.
   */
  add(outcome: Outcome, shownLast?: readonly Column[]): void;
  /** Errors: `ConfigurationError` for a title that two integrations use. */
  table(): ReportTable;
};

/**
 * Makes the report: every company a row, every cell of an installed integration has a state, and every customer whose
 * counts are in no row is in a separate list. The same facts give the same report in any order.
 */
export function consolidation(frame: ReportFrame): Consolidation {
  const catalog = frame.catalog.toSorted((a, b) => a.position - b.position);
  const organizations = rowsOf(frame.organizations, frame.managingOrganization);
  const added = new Map<string, IntegrationPart>();
  return {
    add(outcome, shownLast) {
      const { integration } = outcome;
      const entry = catalog.find(({ id }) => id === integration);
      if (entry === undefined) {
        throw new ReportError(
          'ConfigurationError',
          `collected from "${integration}", which is not a known integration`,
        );
      }
      added.set(integration, integrationPart(entry, outcome, organizations, shownLast));
    },
    table: () =>
      assembled(
        frame,
        organizations,
        catalog.map((entry) => ({
          entry,
          ...(added.get(entry.id) ?? integrationPart(entry, undefined, organizations)),
        })),
      ),
  };
}

/** All facts of a report at once; `shownLast` by integration. */
export type ReportParts = ReportFrame & {
  outcomes: readonly Outcome[];
  shownLast?: ReadonlyMap<string, readonly Column[]>;
};

/** Makes the report of all outcomes at once. Errors: those of `Consolidation`. */
export function consolidate({ outcomes, shownLast, ...frame }: ReportParts): Report {
  const made = consolidation(frame);
  for (const outcome of outcomes) made.add(outcome, shownLast?.get(outcome.integration));
  return asReport(made.table());
}

type Part = IntegrationPart & { entry: CatalogEntry };

function assembled(frame: ReportFrame, organizations: readonly Organization[], parts: readonly Part[]): ReportTable {
  const { runId, asOf, timeZone, managingOrganization, notAsked = [] } = frame;
  const head: ReportHead = {
    runId,
    asOf,
    timeZone,
    managingOrganization,
    ...(notAsked.length === 0 ? {} : { notAsked: [...notAsked] }),
    columns: reportColumns(parts),
    rows: organizations.map((organization, place) => rowHead(organization, place, parts, notAsked)),
    unmapped: parts.flatMap(({ unmapped }) => unmapped),
    ambiguous: parts.flatMap(({ ambiguous }) => ambiguous),
    withheld: parts.flatMap(({ withheld }) => withheld),
    notFound: parts.flatMap(({ notFound }) => notFound),
    integrations: parts.map(({ integration }) => integration),
  };
  return { head, cells: parts.flatMap(({ cells }) => cells) };
}

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

function rowHead(
  organization: Organization,
  place: number,
  parts: readonly Part[],
  notAsked: readonly string[],
): RowHead {
  const { id, name } = organization;
  const catalog = parts.map(({ entry }) => entry);
  const knownEmpty = knownEmptyAt(organization, catalog);
  const gaps = parts.flatMap(({ entry, gaps }) =>
    (gaps.get(place) ?? []).map((gap) => ({ gap, subject: gap.column ?? entry.name })),
  );
  const notes = parts.flatMap(({ entry, notes }) =>
    (notes.get(place) ?? []).map((note) => ({ subject: entry.name, note })),
  );
  return {
    organization: { id, name },
    ...(gaps.length === 0 ? {} : { gaps: gaps.map(({ gap }) => gap) }),
    ...(knownEmpty.length === 0 ? {} : { knownEmpty }),
    ...(notes.length === 0 ? {} : { notes: notes.map(({ subject, note }) => `${subject}: ${note}`) }),
    dataQuality: dataQuality(
      gaps.map(({ gap, subject }) => ({ ...gap, subject })),
      notes,
      catalog
        .filter((entry) => notAsked.includes(entry.id) && isMappedAt(organization, entry.id))
        .map((entry) => entry.name),
    ),
  };
}
