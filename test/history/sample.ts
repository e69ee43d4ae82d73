import { type ProvenUnits, proveUnits } from '../../lambdas/history/counted-units.ts';
import { type NamedUnits, unitsByCell } from '../../lambdas/history/named-units.ts';
import { historyOf } from '../../lambdas/history/next-history.ts';
import type { Snapshot, VendorHistory } from '../../lambdas/history/vendor-history.ts';
import type { Report } from '../../lambdas/report/report.ts';
import type { Unit } from '../../lambdas/report/unit.ts';
import { collected, company, customer, reportOf } from '../report/sample.ts';

export const DAY1 = '2026-10-22';
export const DAY2 = '2026-11-22';
export const DAY3 = '2026-12-22';

export const SERVERS = 'Agents Servers';

/** Unit ids and names of one company's servers: `{ contoso: { 1: 'web' } }`. */
export type Servers = Record<string, Record<string, string>>;

/** A report in which each company has these servers, under a customer that has the company's id. */
export const serversReport = (servers: Servers, companies = Object.keys(servers)): Report =>
  reportOf(
    companies.map((id) => company(id, { agents: [id] })),
    [
      collected(
        'agents',
        Object.entries(servers).map(([id, units]) => customer(id, { [SERVERS]: Object.keys(units).length })),
      ),
    ],
  );

/** A report in which the companies have that many servers; `others` have ids that the vendor does not list. */
export const numbersReport = (counts: Record<string, number>, others: string[] = []): Report =>
  reportOf(
    [...Object.keys(counts), ...others].map((id) => company(id, { agents: [id] })),
    [
      collected(
        'agents',
        Object.entries(counts).map(([id, count]) => customer(id, { [SERVERS]: count })),
      ),
    ],
  );

/** A report whose vendor `agents` could not be read. */
export const failing = (...ids: string[]): Report =>
  reportOf(
    ids.map((id) => company(id, { agents: [id] })),
    [{ integration: 'agents', outcome: 'failed', error: 'VendorAuthError', message: 'refused' }],
  );

export const unitsOf = (servers: Servers): Unit[] =>
  Object.entries(servers).flatMap(([id, units]) =>
    Object.entries(units).map(([unit, name]) => ({ customer: id, column: SERVERS, id: unit, name, quantity: 1 })),
  );

export async function* streamOf<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values;
}

/** The units of the vendor `agents`, whose customers have the ids of their companies. */
export const proven = (report: Report, units: readonly Unit[], companyOf = (id: string) => id): Promise<ProvenUnits> =>
  proveUnits(report, { integration: 'agents', name: 'Agents', read: () => streamOf([units]), companyOf });

export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const value of values) items.push(value);
  return items;
}

export const unitsIn = async (report: Report, units: readonly Unit[]): Promise<NamedUnits> =>
  unitsByCell((await proven(report, units)).read());

type Delivery = { integration?: string; day?: string; units?: NamedUnits | undefined; before?: Snapshot };

/** The history after the delivery of a report, as run `run-<day>`. */
export const historyAfter = (
  report: Report,
  { integration = 'agents', day = DAY1, units, before }: Delivery = {},
): VendorHistory =>
  historyOf({
    report: { ...report, runId: `run-${day}`, asOf: `${day}T06:30:00Z` },
    integration,
    configuration: 'fingerprint',
    day,
    units,
    before,
  });

/** What the next report compares with. */
export const delivered = (report: Report, delivery: Delivery = {}): Snapshot => historyAfter(report, delivery).last;
