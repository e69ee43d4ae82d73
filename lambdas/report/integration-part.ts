import type { HeldCell } from './cell-table.ts';
import { blankReason, customerCell, customerNotes, gapOf, isUsed, UNMAPPED } from './cells.ts';
import type { CellGap, CellValue, Collection, CustomerCount, Outcome } from './collection.ts';
import { type CatalogEntry, type Column, foldedTitle } from './column.ts';
import { CountedColumns, type Open } from './counted-columns.ts';
import { type Match, type Matches, matchCustomers } from './match.ts';
import { byName, byText, distinct } from './order.ts';
import type { Organization } from './organization.ts';
import type {
  BlankCell,
  CustomerFailure,
  MappedCustomer,
  Report,
  ReportIntegration,
  RowGap,
  UnmappedCustomer,
} from './report.ts';

/** One integration's part of the report. */
export type IntegrationPart = {
  /** The columns that appear, in order. */
  columns: Column[];
  /** One list per column, each with one cell per row. */
  cells: HeldCell[][];
  /** Why cells are blank, by the row's place; complete rows have no entry. */
  gaps: Map<number, RowGap[]>;
  /** Remarks on the numbers, by the row's place. */
  notes: Map<number, string[]>;
  unmapped: UnmappedCustomer[];
  ambiguous: MappedCustomer[];
  withheld: MappedCustomer[];
  notFound: Report['notFound'];
  integration: ReportIntegration;
};

/**
 * Matches what was read from one integration with the companies. `shownLast`: the columns of the last delivered report,
 * which keep their place if a company could not be read, so that spreadsheets that rely on positions still work.
 */
export function integrationPart(
  entry: CatalogEntry,
  outcome: Outcome | undefined,
  rows: readonly Organization[],
  shownLast: readonly Column[] = [],
): IntegrationPart {
  if (outcome?.outcome === 'collected') return collectedPart(entry, outcome.collection, rows, shownLast);
  const fixed = entry.columns.filter(({ appears }) => appears === 'always');
  const identity = { integration: entry.id, name: entry.name };
  const bare = { columns: fixed, notes: new Map(), unmapped: [], ambiguous: [], withheld: [], notFound: [] };
  if (outcome?.outcome !== 'failed') {
    const nothing = rows.map(() => null);
    const integration = { ...identity, status: 'not-installed' as const };
    return { ...bare, cells: fixed.map(() => nothing), gaps: new Map(), integration };
  }
  const { error, message } = outcome;
  const failed: BlankCell = { state: 'failed', error, reason: message };
  const last = titlesOf(shownLast);
  const columns = columnsOf(entry, shownLast).filter(({ title, appears }) => appears === 'always' || last.has(title));
  const blanks = rows.map(({ integrationIds }) => {
    const ids = integrationIds.get(entry.id);
    if (ids === undefined) return UNMAPPED;
    return ids.length === 0 ? null : failed;
  });
  return {
    ...bare,
    columns,
    cells: columns.map(() => blanks),
    gaps: new Map(blanks.flatMap((blank, place) => (blank === null ? [] : [[place, [gapOf(entry.id, blank)]]]))),
    integration: { ...identity, status: 'failed', error, message },
  };
}

const titlesOf = (columns: readonly Column[]): ReadonlySet<string> => new Set(columns.map(({ title }) => title));

function collectedPart(
  entry: CatalogEntry,
  collection: Collection,
  rows: readonly Organization[],
  shownLast: readonly Column[],
): IntegrationPart {
  const { customers, notes, receipt } = collection;
  const matches = matchCustomers(entry, rows, customers);
  const isUnread = matches.companies.some((match) => blankReason(match)?.state === 'failed');
  const candidates = candidateColumns(entry, collection, isUnread ? shownLast : []);
  const { hidden, ...cells } = cellsOfCompanies(entry, candidates, matches, rows.length, {
    last: titlesOf(shownLast),
    isUnread,
  });
  const failures = failuresOf(customers);
  return {
    ...cells,
    unmapped: matches.unmapped.map((customer) => accountOf(entry, candidates, customer)).sort(byCustomer),
    ambiguous: matches.ambiguous
      .map(({ customer, companies }) => ({ ...accountOf(entry, candidates, customer), claimedBy: companies }))
      .sort(byCustomer),
    withheld: hidden.flatMap((each) => withheld(entry, each)).sort(byCustomer),
    notFound: notFound(entry, matches),
    integration: {
      integration: entry.id,
      name: entry.name,
      customers: customers.length,
      receipt,
      ...wholeOrInPart(failures, customers.length),
      ...(notes.length === 0 ? {} : { notes: distinct(notes) }),
    },
  };
}

/** A company of which not everything that was read can be shown, and the columns concerned. */
type Hidden = { match: Match; columns: readonly Column[] };

type CompanyPart = Pick<IntegrationPart, 'columns' | 'cells' | 'gaps' | 'notes'> & { hidden: Hidden[] };

/**
 * Counts the companies one by one. Only then is it known which columns appear, and the cells of companies that cannot
 * be counted become blank.
 */
function cellsOfCompanies(
  { id: integration }: CatalogEntry,
  candidates: readonly Column[],
  { companies, withoutId }: Matches,
  rows: number,
  { last, isUnread }: { last: ReadonlySet<string>; isUnread: boolean },
): CompanyPart {
  const counted = new CountedColumns(candidates, rows);
  const part: Pick<CompanyPart, 'gaps' | 'notes' | 'hidden'> = { gaps: new Map(), notes: new Map(), hidden: [] };
  const blankRows = withoutId.map((place) => ({ place, blank: UNMAPPED }));
  const blanksOf = new Map<number, Open['blanks']>();
  for (const match of companies) {
    const { place, mapped } = match;
    const blank = blankReason(match);
    if (blank !== undefined) {
      blankRows.push({ place, blank });
      part.hidden.push({ match, columns: candidates });
      continue;
    }
    const { blanks, leftOut } = counted.count(place, mapped.every(isCounted) ? mapped : mapped.filter(isCounted));
    const notes = [...customerNotes(match), ...leftOut];
    if (notes.length > 0) part.notes.set(place, distinct(notes));
    if (blanks.length === 0) continue;
    blanksOf.set(place, blanks);
    const columns = blanks.filter(({ blank }) => blank.state === 'failed').map(({ column }) => column);
    if (columns.length > 0) part.hidden.push({ match, columns });
  }
  const shown = counted.shown(last, isUnread);
  const columns = shown.map(({ column }) => column);
  const cells = shown.map(({ cells }) => cells);
  for (const { place, blank } of blankRows) part.gaps.set(place, [gapOf(integration, blank)]);
  // Column by column, as they are in memory.
  for (const column of cells) for (const { place, blank } of blankRows) column[place] = blank;
  // A failed cell is reported even if its column does not appear: what could not be read might have been its first
  // value.
  const appearing = new Set(columns);
  for (const [place, blanks] of blanksOf) {
    const gaps = blanks
      .filter(({ column, blank }) => appearing.has(column) || blank.state === 'failed')
      .map(({ column, blank }) => gapOf(integration, blank, column.title));
    if (gaps.length > 0) part.gaps.set(place, gaps);
  }
  return { ...part, columns, cells };
}

const isCounted = ({ state }: CustomerCount): boolean => state === 'counted';

/**
 * Every column that could appear: the declared ones in their order, then those of the data or of the last report, by
 * title.
 */
export function candidateColumns(
  entry: CatalogEntry,
  { columns, customers }: Collection,
  shownLast: readonly Column[] = [],
): Column[] {
  const brought = new Map(columns.map((column) => [column.title, column]));
  // A collector that counts under a title it never declared is at fault, but its number (or why there is none) must not
  // be lost.
  const bring = (title: string, type: Column['type']) => {
    if (brought.has(title)) return;
    brought.set(title, { title, type, appears: 'product', definition: `as ${entry.name} names it` });
  };
  for (const { counts } of customers) {
    for (const title in counts) bring(title, typeof counts[title] === 'number' ? 'number' : 'text');
  }
  for (const { gaps } of customers) for (const title in gaps) bring(title, 'number');
  const spelled = new Set([...brought.keys()].map(foldedTitle));
  return columnsOf(entry, [...brought.values(), ...shownLast.filter(({ title }) => !spelled.has(foldedTitle(title)))]);
}

/** The declared columns, then those that are not declared, by title. */
function columnsOf({ columns }: CatalogEntry, more: readonly Column[]): Column[] {
  const declared = new Set(columns.map(({ title }) => title));
  const products = more.filter(({ title }) => !declared.has(title));
  return [...columns, ...products.sort((a, b) => byName(a.title, b.title))];
}

/** A customer whose counts are in no row: its fixed columns, zeros included, and every other column with a value. */
function accountOf(entry: CatalogEntry, columns: readonly Column[], customer: CustomerCount): UnmappedCustomer {
  const counts: [string, CellValue][] = [];
  const gaps: [string, CellGap][] = [];
  for (const column of customer.state === 'counted' ? columns : []) {
    const cell = customerCell(column, customer);
    if ('value' in cell) {
      if (column.appears === 'always' || isUsed(cell.value)) counts.push([column.title, cell.value]);
    } else if (column.appears === 'always' || cell.gap.state === 'failed') {
      gaps.push([column.title, cell.gap]);
    }
  }
  return {
    integration: entry.id,
    customerId: customer.id,
    customerName: customer.name,
    counts: Object.fromEntries(counts),
    ...(gaps.length === 0 ? {} : { gaps: Object.fromEntries(gaps) }),
    ...whyNotCounted(customer),
  };
}

function whyNotCounted(customer: CustomerCount) {
  const { state } = customer;
  if (state === 'counted') return {};
  const { reason } = customer;
  return state === 'failed' ? { state, error: customer.error, reason } : { state, reason };
}

/** What could not be read of a vendor that could be read as a whole. */
function failuresOf(customers: readonly CustomerCount[]): CustomerFailure[] {
  const failures: CustomerFailure[] = [];
  for (const { id: customerId, name: customerName, state, error, reason, gaps } of customers) {
    if (state === 'failed') failures.push({ customerId, customerName, error, message: reason });
    if (state !== 'counted') continue;
    for (const [column, gap] of Object.entries(gaps)) {
      if (gap.state !== 'failed') continue;
      failures.push({ customerId, customerName, column, error: 'VendorContractError', message: gap.reason });
    }
  }
  return failures.sort((a, b) => byText(a.customerId, b.customerId));
}

function wholeOrInPart(failures: CustomerFailure[], customers: number) {
  const [first] = failures;
  if (first === undefined) return { status: 'collected' as const };
  const affected = new Set(failures.map(({ customerId }) => customerId)).size;
  const { customerName } = first;
  const message = `${affected} of ${customers} customers could not be read completely, for example ${customerName} (${first.error}: ${first.message})`;
  return { status: 'partial' as const, message, failures };
}

/**
 * What was read of a company's customers but cannot be shown, because another part of the company's cell is missing.
 */
const withheld = (entry: CatalogEntry, { match, columns }: Hidden): MappedCustomer[] =>
  match.mapped
    .map((customer) => ({ ...accountOf(entry, columns, customer), claimedBy: [match.organization.id] }))
    .filter(({ counts }) => Object.keys(counts).length > 0)
    .map(({ gaps: _, ...customer }) => customer);

function notFound({ id }: CatalogEntry, { companies }: Matches): Report['notFound'] {
  const companiesOf = new Map<string, string[]>();
  for (const { organization, notFound } of companies) {
    for (const customerId of notFound) {
      companiesOf.set(customerId, [...(companiesOf.get(customerId) ?? []), organization.id]);
    }
  }
  return [...companiesOf]
    .map(([customerId, claimedBy]) => ({ integration: id, customerId, claimedBy: distinct(claimedBy) }))
    .sort((a, b) => byText(a.customerId, b.customerId));
}

const byCustomer = (a: UnmappedCustomer, b: UnmappedCustomer): number =>
  byName(a.customerName, b.customerName) || byText(a.customerId, b.customerId);
