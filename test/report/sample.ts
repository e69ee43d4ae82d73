import * as z from 'zod/mini';
import { jsonLines } from '../../lambdas/platform/json-text.ts';
import { asTable } from '../../lambdas/report/cell-table.ts';
import type { Collection, CustomerCount, CustomerState, Outcome, Receipt } from '../../lambdas/report/collection.ts';
import type { CatalogEntry, Column } from '../../lambdas/report/column.ts';
import { consolidate } from '../../lambdas/report/consolidate.ts';
import type { Organization } from '../../lambdas/report/organization.ts';
import { type Cell, cellOf, type Report } from '../../lambdas/report/report.ts';
import { rowTexts } from '../../lambdas/report/report-rows.ts';
import { number, numberWhenUsed, text, textWhenUsed } from '../columns.ts';

const anyId: z.ZodMiniType<string> = z.pipe(z.union([z.string(), z.number()]), z.transform(String));
const guid = z.pipe(
  z.string().check(z.regex(/^[0-9a-f-]{36}$/iu, 'expected a guid')),
  z.transform((value) => value.toLowerCase()),
);

const entry = (
  id: string,
  name: string,
  position: number,
  columns: Column[],
  schema: z.ZodMiniType<string> = anyId,
): CatalogEntry => ({
  id,
  name,
  position,
  columns,
  customerId: { name: 'customer id', schema },
});

/** Four made-up vendors, each with another mix of columns. */
export const agents = entry('agents', 'Agents', 1, [
  number('Agents Workstations', 'approved workstations'),
  number('Agents Servers', 'approved servers'),
  numberWhenUsed('Agents Printers', 'approved printers'),
]);
export const edition = entry('edition', 'Edition', 2, [
  number('Edition Users', 'users'),
  text('Edition Plan', 'the plan'),
  textWhenUsed('Edition Extra', 'the extra'),
]);
export const shop = entry('shop', 'Shop', 3, []);
export const tenants = entry('tenants', 'Tenants', 4, [number('Tenants Seats', 'seats')], guid);
export const catalog = [agents, edition, shop, tenants];

/** A product's column, as a collector brings it along. */
export const product = (title: string): Column => ({
  title,
  type: 'number',
  appears: 'product',
  definition: 'active subscriptions',
});

export const receipt: Receipt = { requests: 3, pages: 2, rows: 20, distinct: 20, lists: [], comparisons: [] };

/** What of a made-up customer is to be other than usual. */
export type Unusual = Partial<Omit<CustomerCount, keyof CustomerState>> &
  (CustomerState | { state?: never; error?: never; reason?: never });

export const customer = (id: string, counts: CustomerCount['counts'], more: Unusual = {}): CustomerCount => ({
  id,
  aliases: [],
  name: `Customer ${id}`,
  state: 'counted',
  counts,
  gaps: {},
  notes: [],
  ...more,
});

export const collected = (
  integration: string,
  customers: CustomerCount[],
  more: Partial<Collection> = {},
): Outcome => ({
  integration,
  outcome: 'collected',
  collection: {
    integration,
    asOf: AS_OF,
    status: customers.some(({ state }) => state === 'failed') ? 'partial' : 'collected',
    columns: [],
    customers,
    notes: [],
    receipt,
    ...more,
  },
});

export const company = (
  id: string,
  integrationIds: Record<string, string[]> = {},
  more: Partial<Organization> = {},
): Organization => ({
  id,
  name: id.toUpperCase(),
  enabled: true,
  integrationIds: new Map(Object.entries(integrationIds)),
  ...more,
});

export const AS_OF = '2026-11-22T06:30:00Z';
export const MSP = { id: 'msp', name: 'MSP' };

export const reportOf = (
  organizations: Organization[],
  outcomes: Outcome[],
  entries = catalog,
  shownLast: ReadonlyMap<string, readonly Column[]> = new Map(),
): Report =>
  consolidate({
    runId: 'run',
    asOf: AS_OF,
    timeZone: 'UTC',
    managingOrganization: MSP,
    catalog: entries,
    organizations,
    outcomes,
    shownLast,
  });

/** The row of a company. */
export function rowOf(report: Report, id: string): Report['rows'][number] {
  const row = report.rows.find(({ organization }) => organization.id === id);
  if (row === undefined) throw new Error(`no row of ${id}`);
  return row;
}

/** report.json. */
export const reportJson = (report: Report): string =>
  Buffer.concat([...jsonLines(report, { rows: () => rowTexts(asTable(report)) })]).toString();

/** The written cells of a company. */
export const cellsOf = (report: Report, id: string): Record<string, Cell> =>
  Object.fromEntries(
    report.columns.flatMap(({ title }): [string, Cell][] => {
      const cell = rowOf(report, id).cells.get(title);
      return cell === undefined ? [] : [[title, cell]];
    }),
  );

/** What a reader sees in one cell: its value, its state when it is blank, undefined when there is no cell. */
export function seen(report: Report, id: string, title: string): string | number | undefined {
  const column = report.columns.find((each) => each.title === title);
  if (column === undefined) return undefined;
  const cell = cellOf(report, rowOf(report, id), column);
  return cell?.state === 'counted' ? cell.value : cell?.state;
}

export const titles = (report: Report): string[] => report.columns.map(({ title }) => title);
