import {
  blankCells,
  blankReason,
  type CompanyCells,
  type CountedCells,
  countCells,
  customerCell,
  isUsed,
  shownCells,
  UNMAPPED,
} from './cells.ts';
import type { CellGap, CellValue, Collection, CustomerCount, Outcome } from './collection.ts';
import { type CatalogEntry, type Column, foldedTitle } from './column.ts';
import { type Matches, matchCustomers } from './match.ts';
import { byName, byText, distinct } from './order.ts';
import type { Organization } from './organization.ts';
import type {
  BlankCell,
  Cell,
  CustomerFailure,
  MappedCustomer,
  Report,
  ReportIntegration,
  UnmappedCustomer,
} from './report.ts';

/** One integration's part of the report. */
export type IntegrationPart = {
  /** Those that appear, in order. */
  columns: Column[];
  /** By organization id; empty where the integration is not installed. */
  rows: Map<Organization['id'], CompanyCells>;
  unmapped: UnmappedCustomer[];
  ambiguous: MappedCustomer[];
  withheld: MappedCustomer[];
  notFound: Report['notFound'];
  integration: ReportIntegration;
};

/**
 * Brings what one integration was read to hold and the companies together. `shownLast`: the columns of the last delivered report, which
 * keep their place where a company could not be read, so that a sheet built on positions holds.
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
  const bare = { columns: fixed, unmapped: [], ambiguous: [], withheld: [], notFound: [] };
  if (outcome?.outcome !== 'failed') {
    return { ...bare, rows: new Map(), integration: { ...identity, status: 'not-installed' } };
  }
  const { error, message } = outcome;
  const failed: BlankCell = { state: 'failed', error, reason: message };
  const isMapped = ({ integrationIds }: Organization) => (integrationIds.get(entry.id) ?? []).length > 0;
  const last = new Set(shownLast.map(({ title }) => title));
  const columns = columnsOf(entry, shownLast).filter(({ title, appears }) => appears === 'always' || last.has(title));
  return {
    ...bare,
    columns,
    rows: new Map(rows.map((row) => [row.id, blankCells(entry.id, columns, isMapped(row) ? failed : UNMAPPED)])),
    integration: { ...identity, status: 'failed', error, message },
  };
}

function collectedPart(
  entry: CatalogEntry,
  collection: Collection,
  rows: readonly Organization[],
  shownLast: readonly Column[],
): IntegrationPart {
  const { customers, notes, receipt } = collection;
  const matches = matchCustomers(entry, rows, customers);
  const unread = [...matches.companies.values()].some((match) => blankReason(match)?.state === 'failed');
  const candidates = candidateColumns(entry, collection, unread ? shownLast : []);
  const counted = new Map<Organization['id'], CountedCells>();
  for (const [id, match] of matches.companies) {
    if (blankReason(match) === undefined) counted.set(id, countCells(candidates, match));
  }
  const last = new Set(shownLast.map(({ title }) => title));
  const columns = appearing(
    candidates,
    [...counted.values()],
    (title, cells) => last.has(title) && (unread || cells.some((cell) => cell?.state === 'failed')),
  );
  const shown = new Set(columns.map(({ title }) => title));
  const cellsOf = ({ id }: Organization): CompanyCells => {
    const cells = counted.get(id);
    if (cells !== undefined) return shownCells(entry.id, candidates, shown, cells);
    return blankCells(entry.id, columns, blankReason(matches.companies.get(id)) ?? UNMAPPED);
  };
  const failures = failuresOf([...customers].sort((a, b) => byText(a.id, b.id)));
  return {
    columns,
    rows: new Map(rows.map((row) => [row.id, cellsOf(row)])),
    unmapped: matches.unmapped.map((customer) => accountOf(entry, candidates, customer)).sort(byCustomer),
    ambiguous: matches.ambiguous
      .map(({ customer, companies }) => ({ ...accountOf(entry, candidates, customer), claimedBy: companies }))
      .sort(byCustomer),
    withheld: withheld(entry, candidates, matches, counted).sort(byCustomer),
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

/** Every column that could appear: the declared ones as declared, then what the data brought along, or the last report showed, by title. */
export function candidateColumns(
  entry: CatalogEntry,
  { columns, customers }: Collection,
  shownLast: readonly Column[] = [],
): Column[] {
  const known = new Map(entry.columns.map((column) => [column.title, column]));
  const brought = new Map<string, Column>();
  for (const column of columns) if (!known.has(column.title)) brought.set(column.title, column);
  // A collector that counts under a title it never declared is at fault, but its number (or why there is none) must not be lost.
  const bring = (title: string, type: Column['type']) => {
    if (known.has(title) || brought.has(title)) return;
    brought.set(title, { title, type, appears: 'product', definition: `as ${entry.name} names it` });
  };
  for (const { counts } of customers) {
    for (const [title, value] of Object.entries(counts)) bring(title, typeof value === 'number' ? 'number' : 'text');
  }
  for (const { gaps } of customers) for (const title of Object.keys(gaps)) bring(title, 'number');
  const spelled = new Set([...brought.keys()].map(foldedTitle));
  return columnsOf(entry, [...brought.values(), ...shownLast.filter(({ title }) => !spelled.has(foldedTitle(title)))]);
}

/** The declared columns, and behind them those that are not declared, by title. */
function columnsOf({ columns }: CatalogEntry, more: readonly Column[]): Column[] {
  const declared = new Set(columns.map(({ title }) => title));
  const products = more.filter(({ title }) => !declared.has(title));
  return [...columns, ...products.sort((a, b) => byName(a.title, b.title))];
}

/** The columns that appear, given what the companies have; `isInDoubt` where it is not known whether one of them has something. */
const appearing = (
  candidates: readonly Column[],
  rows: readonly CountedCells[],
  isInDoubt: (title: string, cells: readonly (Cell | undefined)[]) => boolean,
): Column[] =>
  candidates.filter(({ title, appears }) => {
    if (appears === 'always') return true;
    const cells = rows.map((row) => row.cells.get(title));
    if (isInDoubt(title, cells)) return true;
    if (appears === 'product') return cells.some((cell) => cell !== undefined);
    return cells.some((cell) => cell?.state === 'counted' && isUsed(cell.value));
  });

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

/** What could not be read of a vendor that could be read on the whole. */
const failuresOf = (customers: readonly CustomerCount[]): CustomerFailure[] =>
  customers.flatMap((customer): CustomerFailure[] => {
    const identity = { customerId: customer.id, customerName: customer.name };
    if (customer.state === 'failed') return [{ ...identity, error: customer.error, message: customer.reason }];
    if (customer.state === 'excluded') return [];
    return Object.entries(customer.gaps)
      .filter(([, gap]) => gap.state === 'failed')
      .map(([column, { reason }]) => ({ ...identity, column, error: 'VendorContractError', message: reason }));
  });

function wholeOrInPart(failures: CustomerFailure[], customers: number) {
  const [first] = failures;
  if (first === undefined) return { status: 'collected' as const };
  const affected = new Set(failures.map(({ customerId }) => customerId)).size;
  const { customerName } = first;
  const message = `${affected} of ${customers} customers could not be read completely, for example ${customerName} (${first.error}: ${first.message})`;
  return { status: 'partial' as const, message, failures };
}

/** What was read of a company's customers and cannot be shown, because another part of the company's cell is missing. */
function withheld(
  entry: CatalogEntry,
  candidates: readonly Column[],
  { companies }: Matches,
  counted: ReadonlyMap<Organization['id'], CountedCells>,
): MappedCustomer[] {
  return [...companies].flatMap(([id, { mapped }]) => {
    const row = counted.get(id);
    const columns =
      row === undefined ? candidates : candidates.filter(({ title }) => row.cells.get(title)?.state === 'failed');
    return mapped
      .map((customer) => ({ ...accountOf(entry, columns, customer), claimedBy: [id] }))
      .filter(({ counts }) => Object.keys(counts).length > 0)
      .map(({ gaps: _, ...customer }) => customer);
  });
}

function notFound({ id }: CatalogEntry, { companies }: Matches): Report['notFound'] {
  const companiesOf = new Map<string, string[]>();
  for (const [organization, match] of companies) {
    for (const customerId of match.notFound) {
      companiesOf.set(customerId, [...(companiesOf.get(customerId) ?? []), organization]);
    }
  }
  return [...companiesOf]
    .map(([customerId, claimedBy]) => ({ integration: id, customerId, claimedBy: distinct(claimedBy) }))
    .sort((a, b) => byText(a.customerId, b.customerId));
}

const byCustomer = (a: UnmappedCustomer, b: UnmappedCustomer): number =>
  byName(a.customerName, b.customerName) || byText(a.customerId, b.customerId);
