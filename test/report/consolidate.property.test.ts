import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonLines } from '../../lambdas/platform/json-text.ts';
import { asTable, keptCells, tableOf } from '../../lambdas/report/cell-table.ts';
import type { Collection, Outcome } from '../../lambdas/report/collection.ts';
import { sumExact } from '../../lambdas/report/exact-sum.ts';
import type { Organization } from '../../lambdas/report/organization.ts';
import { cellOf, type Report, type UnmappedCustomer } from '../../lambdas/report/report.ts';
import { rowTexts } from '../../lambdas/report/report-rows.ts';
import { situation } from './arbitrary.ts';
import { agents, catalog, cellsOf, MSP, reportJson, reportOf, titles } from './sample.ts';

const shuffled = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...values], { minLength: values.length });

const withCustomers = (outcome: Outcome, customers: Collection['customers']): Outcome =>
  outcome.outcome === 'collected' ? { ...outcome, collection: { ...outcome.collection, customers } } : outcome;

const customersOf = (outcome: Outcome): Collection['customers'] =>
  outcome.outcome === 'collected' ? outcome.collection.customers : [];

/** Sum over the numbers of one column in `customers`, own members only. */
const sumOf = (customers: readonly { counts: Record<string, number | string> }[], title: string): number =>
  sumExact(
    customers.flatMap(({ counts }) => {
      const value = Object.hasOwn(counts, title) ? counts[title] : undefined;
      return typeof value === 'number' ? [value] : [];
    }),
  );

const shownSum = (report: Report, title: string): number =>
  sumExact(
    report.rows.flatMap((row) => {
      const column = report.columns.find((each) => each.title === title);
      const cell = column === undefined ? undefined : cellOf(report, row, column);
      return cell?.state === 'counted' && typeof cell.value === 'number' ? [cell.value] : [];
    }),
  );

describe('the report', () => {
  test('is the same whatever the order of companies, of collections and of the customers in them', () => {
    const reordered = situation.chain(({ organizations, outcomes }) =>
      fc.record({
        given: fc.constant({ organizations, outcomes }),
        organizations: shuffled(organizations),
        outcomes: fc
          .tuple(...outcomes.map((outcome) => shuffled(customersOf(outcome)).map((all) => withCustomers(outcome, all))))
          .chain(shuffled),
      }),
    );
    fc.assert(
      fc.property(reordered, ({ given, organizations, outcomes }) => {
        const expected = reportJson(reportOf(given.organizations, given.outcomes));
        expect(reportJson(reportOf(organizations, outcomes))).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });

  test('conserves every number: counted = in rows + unmapped + ambiguous + withheld, per column', () => {
    fc.assert(
      fc.property(situation, ({ organizations, outcomes }) => {
        const report = reportOf(organizations, outcomes);
        for (const outcome of outcomes) {
          const customers = customersOf(outcome).filter(({ state }) => state === 'counted');
          const readable = (title: string) => customers.filter(({ gaps }) => !Object.hasOwn(gaps, title));
          const ofVendor = <T extends UnmappedCustomer>(all: T[]) =>
            all.filter(({ integration }) => integration === outcome.integration);
          for (const title of new Set(customers.flatMap(({ counts }) => Object.keys(counts)))) {
            const accounted = [
              shownSum(report, title),
              sumOf(ofVendor(report.unmapped), title),
              sumOf(ofVendor(report.ambiguous), title),
              sumOf(ofVendor(report.withheld), title),
            ];
            expect(sumExact(accounted)).toBe(sumOf(readable(title), title));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('withholds nothing if every id of every company can be read', () => {
    const sound = situation.map(({ organizations, outcomes }) => ({
      organizations,
      outcomes: outcomes.map((outcome) =>
        withCustomers(
          outcome,
          customersOf(outcome).map((customer) => ({ ...customer, gaps: {} })),
        ),
      ),
    }));
    fc.assert(
      fc.property(sound, ({ organizations, outcomes }) => {
        const report = reportOf(organizations, outcomes);
        const whole = report.rows.every(({ gaps }) =>
          (gaps ?? []).every(
            ({ state, column }) => state === 'unmapped' || state === 'excluded' || column !== undefined,
          ),
        );
        fc.pre(whole);
        expect(report.withheld).toEqual([]);
      }),
    );
  });

  test('gives every cell a state, but none if an integration is not installed or a company known to have nothing', () => {
    fc.assert(
      fc.property(situation, ({ organizations, outcomes }) => {
        const report = reportOf(organizations, outcomes);
        for (const column of report.columns) {
          const status = report.integrations.find(({ integration }) => integration === column.integration)?.status;
          for (const row of report.rows) {
            const company = organizations.find(({ id }) => id === row.organization.id);
            const nothing = status === 'not-installed' || hasNothingAt(company, column.integration);
            expect(cellOf(report, row, column) === undefined).toBe(nothing);
          }
        }
      }),
    );
  });

  test('says "complete" of exactly those rows that have no blank cell', () => {
    fc.assert(
      fc.property(situation, ({ organizations, outcomes }) => {
        const report = reportOf(organizations, outcomes);
        for (const row of report.rows) {
          const blank = report.columns.some((column) => {
            const cell = cellOf(report, row, column);
            return cell !== undefined && cell.state !== 'counted';
          });
          if (blank) expect(row.dataQuality.startsWith('complete')).toBe(false);
          if (row.gaps === undefined) expect(row.dataQuality.startsWith('complete')).toBe(true);
        }
      }),
    );
  });

  test('agrees with a plain reading of the rules, company by company and vendor by vendor', () => {
    fc.assert(
      fc.property(situation, ({ organizations, outcomes }) => {
        const report = reportOf(organizations, outcomes);
        for (const outcome of outcomes) {
          const judge = plainly(organizations, outcome);
          for (const row of report.rows) {
            const gap = row.gaps?.find(({ integration, column }) => integration === outcome.integration && !column);
            expect(gap?.state ?? 'read').toBe(
              outcome.outcome === 'not-installed' ? 'read' : judge(row.organization.id),
            );
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('accounts for every customer: in rows, unmapped or ambiguous', () => {
    fc.assert(
      fc.property(situation, ({ organizations, outcomes }) => {
        const report = reportOf(organizations, outcomes);
        for (const outcome of outcomes) {
          const claimed = claimedBy(organizations, outcome);
          const idsOf = (all: UnmappedCustomer[]) =>
            all.filter(({ integration }) => integration === outcome.integration).map(({ customerId }) => customerId);
          const doubtful = isDoubtful(organizations, outcome);
          const ids = customersOf(outcome).map(({ id }) => id);
          const inDoubt = ids.filter((id) => claimed(id).length > 1 || doubtful(id));
          expect(idsOf(report.unmapped).sort()).toEqual(ids.filter((id) => claimed(id).length === 0).sort());
          expect(idsOf(report.ambiguous).sort()).toEqual(inDoubt.sort());
        }
      }),
    );
  });

  test('has the same numbers and fixed columns for an integration whatever else is installed', () => {
    fc.assert(
      fc.property(situation, fc.subarray(catalog.map(({ id }) => id)), ({ organizations, outcomes }, kept) => {
        const all = reportOf(organizations, outcomes);
        const some = reportOf(
          organizations,
          outcomes.filter(({ integration }) => kept.includes(integration)),
        );
        const fixed = (report: Report) => titles(report).filter((title) => isFixed(title));
        expect(fixed(some)).toEqual(fixed(all));
        const rows = (report: Report) =>
          report.rows.map(({ organization: { id } }) => [
            id,
            Object.entries(cellsOf(report, id)).filter(([title]) =>
              report.columns.some((column) => column.title === title && kept.includes(column.integration)),
            ),
          ]);
        expect(rows(some)).toEqual(rows(all));
      }),
    );
  });

  test('is written as JSON.stringify would write each of its rows', () => {
    fc.assert(
      fc.property(situation, ({ organizations, outcomes }) => {
        const report = reportOf(organizations, outcomes);
        const rows = report.rows.map(({ organization, cells: _, ...rest }) =>
          JSON.stringify({ organization, cells: cellsOf(report, organization.id), ...rest }),
        );
        expect([...rowTexts(asTable(report))]).toEqual(rows);
        expect(JSON.parse(reportJson(report))).toEqual({ ...report, rows: rows.map((row) => JSON.parse(row)) });
      }),
    );
  });

  test('has the same cells when they were kept and read back', () => {
    fc.assert(
      fc.property(situation, ({ organizations, outcomes }) => {
        const report = reportOf(organizations, outcomes);
        const kept = JSON.parse(textOf(jsonLines({ columns: [], blanks: [] }, keptCells(asTable(report)))));
        const table = tableOf(report.columns, kept);
        const rows = report.rows.map((row, place) => ({ ...row, cells: table.row(place) }));
        for (const { organization } of rows) {
          expect(cellsOf({ ...report, rows }, organization.id)).toEqual(cellsOf(report, organization.id));
        }
      }),
    );
  });
});

const textOf = (chunks: Iterable<Uint8Array>): string => Buffer.concat([...chunks]).toString();

const enabled = (organizations: readonly Organization[]) =>
  organizations.filter((organization) => organization.enabled || organization.id === MSP.id);

/** Customers that have an id, be it as an alias. */
const ledTo = (outcome: Outcome, id: string): Collection['customers'] =>
  customersOf(outcome).filter((customer) => customer.id === id || customer.aliases.includes(id));

/** Whether some company has an id by which it could mean this customer or another. */
const isDoubtful = (organizations: readonly Organization[], outcome: Outcome) => (customerId: string) =>
  claimedBy(
    organizations,
    outcome,
  )(customerId).some((organization) =>
    idsAt(organization, outcome).some((id) => {
      const customers = ledTo(outcome, id);
      return customers.length > 1 && customers.some((customer) => customer.id === customerId);
    }),
  );

const idsAt = (organization: Organization | undefined, { integration }: Outcome): string[] =>
  organization?.integrationIds.get(integration) ?? [];

const claimedBy = (organizations: readonly Organization[], outcome: Outcome) => (customerId: string) =>
  enabled(organizations).filter((organization) =>
    idsAt(organization, outcome).some((id) => ledTo(outcome, id).some((customer) => customer.id === customerId)),
  );

/** The rules of a company's cells, written down once more and without haste. */
const plainly = (organizations: readonly Organization[], outcome: Outcome) => (company: string) => {
  const organization = organizations.find(({ id }) => id === company);
  if (hasNothingAt(organization, outcome.integration)) return 'read';
  const ids = idsAt(organization, outcome);
  if (ids.length === 0) return 'unmapped';
  if (outcome.outcome === 'failed') return 'failed';
  const customers = ids.flatMap((id) => ledTo(outcome, id));
  if (customers.some(({ state }) => state === 'failed')) return 'failed';
  if (ids.some((id) => ledTo(outcome, id).length === 0)) return 'not-found';
  if (customers.some(({ id }) => claimedBy(organizations, outcome)(id).length > 1)) return 'ambiguous';
  if (customers.some(({ id }) => isDoubtful(organizations, outcome)(id))) return 'ambiguous';
  return customers.every(({ state }) => state === 'excluded') ? 'excluded' : 'read';
};

const hasNothingAt = (organization: Organization | undefined, integration: string): boolean =>
  organization?.integrationIds.get(integration)?.length === 0;

const isFixed = (title: string): boolean =>
  catalog.some(({ columns }) => columns.some((column) => column.title === title && column.appears === 'always'));

test('a big MSP is lined up in reasonable time', () => {
  const organizations = Array.from({ length: 2000 }, (_, index) => ({
    id: `c${index}`,
    name: `Company ${index}`,
    enabled: true,
    integrationIds: new Map([['agents', [String(index)]]]),
  }));
  const customers = organizations.map(({ id, name }, index) => ({
    id: String(index),
    aliases: [id],
    name,
    state: 'counted' as const,
    counts: Object.fromEntries([0, 1, 2].map((step) => [`AGENTS product ${(index + step) % 300}`, 1])),
    gaps: {},
    notes: [],
  }));
  // Processor time: a busy machine takes longer, and no more of it.
  const before = process.cpuUsage();
  const report = reportOf(
    organizations,
    [
      {
        integration: 'agents',
        outcome: 'collected',
        collection: {
          integration: 'agents',
          asOf: '2026-11-22T06:30:00Z',
          status: 'collected',
          columns: [],
          customers,
          notes: [],
          receipt: { requests: 1, pages: 1, rows: 1, distinct: 1, lists: [], comparisons: [] },
        },
      },
    ],
    [agents],
  );
  expect(report.columns).toHaveLength(302);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(5000);
});
