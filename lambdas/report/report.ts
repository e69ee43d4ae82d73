import type { CellGap, CellValue, Receipt } from './collection.ts';
import type { Column } from './column.ts';
import type { CompanySuggestion } from './company-suggestion.ts';
import type { ErrorName } from './errors.ts';

/** A number or text that was read, or why there is none. */
export type Cell =
  | { state: 'counted'; value: CellValue }
  | { state: 'unmapped' | 'not-found' | 'ambiguous' }
  | { state: 'excluded'; reason: string }
  | { state: 'failed'; error: ErrorName; reason?: string };

/** A cell without a value. */
export type BlankCell = Exclude<Cell, { state: 'counted' }>;

export type ReportColumn = Column & { integration: string };

/** Why cells of one company are blank: all cells of an integration or, with `column`, that one. */
export type RowGap = {
  integration: string;
  column?: string;
  state: Exclude<Cell['state'], 'counted'>;
  /** The error's name, or the reason of an exclusion. */
  detail?: string;
};

/** The written cells of one row, by column title: all but the zeros of product columns. Read them with `cellOf`. */
export type RowCells = { get(title: string): Cell | undefined };

export type ReportRow = RowHead & { cells: RowCells };

/** A company's row without its cells. */
export type RowHead = {
  organization: { id: string; name: string };
  gaps?: RowGap[];
  /** Integrations in which the company is known to have nothing (an empty list of ids): blank without a gap. */
  knownEmpty?: string[];
  /** Remarks on its numbers, each with the integration's name. */
  notes?: string[];
  /** `complete`, or what is not: the row's last column. */
  dataQuality: string;
};

/** A vendor's customer whose counts are in no row; without a `state` it was read. */
export type UnmappedCustomer = {
  integration: string;
  customerId: string;
  customerName: string;
  /** Fixed columns, zeros included, and every other column with a value. */
  counts: Record<string, CellValue>;
  /** Column title -> why that one has no value. */
  gaps?: Record<string, CellGap>;
  /** Only for customers that no company has the id of. */
  suggestion?: CompanySuggestion;
} & ({ state?: never } | { state: 'excluded'; reason: string } | { state: 'failed'; error: ErrorName; reason: string });

/** `claimedBy`: ids of the companies that have the customer's id. */
export type MappedCustomer = UnmappedCustomer & { claimedBy: string[] };

/** A customer, or with `column` one of its cells, that could not be read although the vendor as a whole could. */
export type CustomerFailure = {
  customerId: string;
  customerName: string;
  column?: string;
  error: ErrorName;
  message: string;
};

type IntegrationName = { integration: string; name: string };

export type ReportIntegration =
  | (IntegrationName & { status: 'not-installed' })
  | (IntegrationName & { status: 'failed'; error: ErrorName; message: string })
  | ReadIntegration;

/** `customers`: how many the vendor lists. */
export type ReadIntegration = IntegrationName & { customers: number; receipt: Receipt; notes?: string[] } & (
    | { status: 'collected' }
    | { status: 'partial'; message: string; failures: CustomerFailure[] }
  );

/** The report without its cells: everything that tickets, mails and the log need. */
export type ReportHead = {
  runId: string;
  asOf: string;
  /** IANA name of the zone of its days and months; older reports lack it and use UTC. */
  timeZone?: string;
  managingOrganization: { id: string; name: string };
  /** Installed integrations that the run left out (`--only`): their cells are blank because they were not read. */
  notAsked?: string[];
  columns: ReportColumn[];
  rows: RowHead[];
  /** Customers that no company has the id of. */
  unmapped: UnmappedCustomer[];
  /** Customers that more than one company has the id of, or one company by an id that another customer has too. */
  ambiguous: MappedCustomer[];
  /**
   * What was read of a company's customer but is not shown, because another customer of that company could not be read.
   */
  withheld: MappedCustomer[];
  /** Claimed ids that the vendor does not list. */
  notFound: { integration: string; customerId: string; claimedBy: string[] }[];
  integrations: ReportIntegration[];
};

/** The names of the vendors that the run left out. */
export const namesNotAsked = ({ notAsked = [], integrations }: ReportHead): string[] =>
  notAsked.map((id) => integrations.find(({ integration }) => integration === id)?.name ?? id);

/** The whole report, as in report.json. */
export type Report = Omit<ReportHead, 'rows'> & { rows: ReportRow[] };

/** A cache of each report's integrations that were read: it is asked for every cell of a large report. */
const readIn = new WeakMap<ReportIntegration[], ReadonlySet<string>>();

const ZERO: Cell = { state: 'counted', value: 0 };

/**
 * A row's cell in a column, the zeros of product columns restored; undefined if the integration is not installed, or
 * the company is known to have nothing there.
 */
export function cellOf(report: Report, row: ReportRow, column: ReportColumn): Cell | undefined {
  const written = row.cells.get(column.title);
  if (written !== undefined) return written;
  return hasZeros(report, column) && !isKnownEmpty(row, column) ? ZERO : undefined;
}

/**
 * Every cell is written except the zeros of product columns: if one is missing for a vendor that was read, it is a
 * zero.
 */
export function hasZeros({ integrations }: ReportHead, { appears, integration }: ReportColumn): boolean {
  if (appears !== 'product') return false;
  const read = readIn.get(integrations) ?? readIntegrations(integrations);
  return read.has(integration);
}

/** True where the company is known to have nothing at the column's vendor. */
export const isKnownEmpty = ({ knownEmpty }: RowHead, { integration }: ReportColumn): boolean =>
  knownEmpty?.includes(integration) === true;

function readIntegrations(integrations: ReportIntegration[]): ReadonlySet<string> {
  const read = integrations.filter(({ status }) => status === 'collected' || status === 'partial');
  const ids = new Set(read.map(({ integration }) => integration));
  readIn.set(integrations, ids);
  return ids;
}
