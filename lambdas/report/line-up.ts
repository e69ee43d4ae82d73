import { candidateColumns } from './candidate-columns.ts';
import type { CatalogEntry } from './catalog.ts';
import { type Settlement, settleClaims } from './claims.ts';
import type { Collection } from './collection.ts';
import type { Column } from './column.ts';
import { accountOf, failuresOf } from './customer-account.ts';
import { byName, byText, distinct } from './order.ts';
import type { Organization } from './organization.ts';
import type { Outcome } from './outcome.ts';
import { appearing, type ReadRow, readRow } from './read-row.ts';
import type { ClaimedCustomer, CustomerFailure, Report, ReportIntegration, UnmappedCustomer } from './report.ts';
import { type Blank, blankOf, blankPart, type RowPart, readPart, UNMAPPED } from './row-part.ts';

/** One integration's part of the report. */
export type LineUp = {
  /** Those that appear, in order. */
  columns: Column[];
  /** By organization id; empty where the integration is not installed. */
  rows: Map<Organization['id'], RowPart>;
  unmapped: UnmappedCustomer[];
  ambiguous: ClaimedCustomer[];
  withheld: ClaimedCustomer[];
  notFound: Report['notFound'];
  integration: ReportIntegration;
};

/** Lines up what one integration brought with the companies. */
export function lineUp(entry: CatalogEntry, outcome: Outcome | undefined, rows: readonly Organization[]): LineUp {
  if (outcome?.outcome === 'collected') return lineUpCollection(entry, outcome.collection, rows);
  const columns = entry.columns.filter(({ appears }) => appears === 'always');
  const told = { integration: entry.id, name: entry.name };
  const bare = { columns, unmapped: [], ambiguous: [], withheld: [], notFound: [] };
  if (outcome?.outcome !== 'failed') {
    return { ...bare, rows: new Map(), integration: { ...told, status: 'not-installed' } };
  }
  const { error, message } = outcome;
  const failed: Blank = { state: 'failed', error, reason: message };
  return {
    ...bare,
    rows: new Map(
      rows.map(({ id, integrationIds }) => {
        const claims = integrationIds.get(entry.id)?.length ?? 0;
        return [id, blankPart(entry.id, columns, claims === 0 ? UNMAPPED : failed)];
      }),
    ),
    integration: { ...told, status: 'failed', error, message },
  };
}

function lineUpCollection(entry: CatalogEntry, collection: Collection, rows: readonly Organization[]): LineUp {
  const { customers, notes, receipt } = collection;
  const candidates = candidateColumns(entry, collection);
  const settlement = settleClaims(entry, rows, customers);
  const blanks = new Map(rows.map(({ id }) => [id, blankOf(settlement.standings.get(id))]));
  const read = new Map<Organization['id'], ReadRow>();
  for (const [id, standing] of settlement.standings) {
    if (blanks.get(id) === undefined) read.set(id, readRow(candidates, standing));
  }
  const columns = appearing(candidates, [...read.values()]);
  const shown = new Set(columns.map(({ title }) => title));
  const failures = failuresOf([...customers].sort((a, b) => byText(a.id, b.id)));
  return {
    columns,
    rows: new Map(
      rows.map(({ id }) => {
        const blank = blanks.get(id);
        const row = read.get(id);
        return [
          id,
          row === undefined
            ? blankPart(entry.id, columns, blank ?? UNMAPPED)
            : readPart(entry.id, candidates, shown, row),
        ];
      }),
    ),
    unmapped: settlement.unclaimed.map((customer) => accountOf(entry, candidates, customer)).sort(byCustomer),
    ambiguous: settlement.contested
      .map(({ customer, claimedBy }) => ({ ...accountOf(entry, candidates, customer), claimedBy }))
      .sort(byCustomer),
    withheld: withheld(entry, candidates, settlement, read).sort(byCustomer),
    notFound: notFound(entry, settlement),
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

function wholeOrInPart(failures: CustomerFailure[], customers: number) {
  const [first] = failures;
  if (first === undefined) return { status: 'collected' as const };
  const affected = new Set(failures.map(({ customerId }) => customerId)).size;
  const { customerName } = first;
  const message = `${affected} of ${customers} customers could not be read whole; the first is ${customerName} (${first.error}: ${first.message})`;
  return { status: 'partial' as const, message, failures };
}

/** What was read of a company's customers and cannot be shown, because the company's cell is not whole. */
function withheld(
  entry: CatalogEntry,
  candidates: readonly Column[],
  { standings }: Settlement,
  read: ReadonlyMap<Organization['id'], ReadRow>,
): ClaimedCustomer[] {
  return [...standings].flatMap(([id, { customers }]) => {
    const row = read.get(id);
    const columns =
      row === undefined ? candidates : candidates.filter(({ title }) => row.cells.get(title)?.state === 'failed');
    return customers
      .map((customer) => ({ ...accountOf(entry, columns, customer), claimedBy: [id] }))
      .filter(({ counts }) => Object.keys(counts).length > 0)
      .map(({ gaps: _, ...customer }) => customer);
  });
}

function notFound({ id }: CatalogEntry, { standings }: Settlement): Report['notFound'] {
  const claimants = new Map<string, string[]>();
  for (const [organization, { missing }] of standings) {
    for (const customerId of missing) {
      claimants.set(customerId, [...(claimants.get(customerId) ?? []), organization]);
    }
  }
  return [...claimants]
    .map(([customerId, claimedBy]) => ({ integration: id, customerId, claimedBy: distinct(claimedBy) }))
    .sort((a, b) => byText(a.customerId, b.customerId));
}

const byCustomer = (a: UnmappedCustomer, b: UnmappedCustomer): number =>
  byName(a.customerName, b.customerName) || byText(a.customerId, b.customerId);
