import * as z from 'zod/mini';
import type { Period } from '../../billing/period.ts';
import type { Autotask, Filter } from '../../psa/datto-psa/autotask.ts';
import { isReportError, ReportError } from '../../report/errors.ts';
import { quantity } from '../../report/quantity.ts';
import { ListUnsound } from '../../wire/list.ts';
import { type BilledFact, note } from '../reading/fact.ts';
import { isOdd, type OddRow, orOdd } from '../reading/odd-row.ts';
import * as shapes from './shapes.ts';
import { idOf, type UnitRow } from './units.ts';

export type Zone = Autotask;

/** The vendor's list of contract periods in this tenant. */
const MONTHS_OF_PERIOD = new Map([
  ['monthly', 1],
  ['quarterly', 3],
  ['semi-annual', 6],
  ['semi-annually', 6],
  ['yearly', 12],
  ['annual', 12],
]);

/** Rows of a page, and ids in one condition. */
export const MOST_IDS = 500;

const Count = z.object({ queryCount: z.int() });
export const ALL: Filter[] = [{ op: 'gte', field: 'id', value: 0 }];
/** Contracts whose services are billed every period. */
export const RECURRING: Filter[] = [{ op: 'eq', field: 'contractType', value: 7 }];

/**
 * Rows compared with Autotask's own count, because missing ones would be read as not billed. An odd one shows at least
 * what is `known`.
 */
async function counted<R extends { id: number }, K extends { id: number }>(
  zone: Zone,
  entity: string,
  { row, known }: { row: z.ZodMiniType<R> & { shape: object }; known: z.ZodMiniType<K> },
  filter: Filter[],
): Promise<(R | OddRow<K>)[]> {
  const call = { json: { filter }, reads: true };
  const { queryCount } = await zone.read('POST', `${entity}/query/count`, Count, call);
  const either = orOdd(`Datto PSA ${entity}`, row, known);
  const rows = await Array.fromAsync(zone.query(entity, either, fieldsOf(row), filter));
  if (rows.length === queryCount) return rows;
  throw new ListUnsound(
    `Datto PSA list ${entity}`,
    `the vendor counts ${quantity(queryCount, 'row')} but listed ${rows.length}`,
  );
}

const fieldsOf = ({ shape }: { shape: object }): string[] => Object.keys(shape).filter((field) => field !== 'id');

export async function companiesOf(zone: Zone): Promise<ReadonlyMap<number, shapes.Company>> {
  // Only tenants with several currencies have the field.
  const has = await zone.fields('Companies');
  const fields = ['companyName', ...(has.has('currencyID') ? ['currencyID'] : [])];
  const rows = await Array.fromAsync(zone.query('Companies', shapes.Company, fields, ALL));
  return new Map(rows.map((company) => [company.id, company]));
}

const Owned = z.object({ id: z.int(), companyID: z.int() });
type ListedContract = shapes.Contract | OddRow<z.output<typeof Owned>>;

/**
 * Recurring contracts that overlap the period, and those that have units in it: one that was ended early can still have
 * units of its last period. Errors: `VendorContractError` if a contract with units is not there: then its lines would
 * be read as not billed.
 */
export async function contractsOf(
  zone: Zone,
  { first, last }: Period,
  units: readonly shapes.OnContract[],
): Promise<ListedContract[]> {
  const contracts = (filter: Filter[]): Promise<ListedContract[]> =>
    counted(zone, 'Contracts', { row: shapes.Contract, known: Owned }, filter);
  const listed = await contracts([
    ...RECURRING,
    { op: 'lte', field: 'startDate', value: midnight(last) },
    { op: 'gte', field: 'endDate', value: midnight(first) },
  ]);
  const missing = new Set(units.map(({ contractID }) => contractID));
  for (const { id } of listed) missing.delete(id);
  if (missing.size === 0) return listed;
  const others = await contracts([{ op: 'in', field: 'id', value: [...missing].slice(0, MOST_IDS) }]);
  const added = others.filter(({ id }) => missing.delete(id));
  const [lost] = missing;
  if (lost === undefined) return [...listed, ...added];
  throw new ReportError('VendorContractError', `Datto PSA has units of contract ${lost}, which it does not list`);
}

/** Rows that cover the first day, and those of changes within the period. */
export async function unitRowsOf(
  zone: Zone,
  { first, last }: Period,
): Promise<(UnitRow | OddRow<shapes.OnContract>)[]> {
  const inPeriod: Filter[] = [
    { op: 'lte', field: 'startDate', value: midnight(last) },
    { op: 'gte', field: 'endDate', value: midnight(first) },
  ];
  const known = shapes.OnContract;
  const services = await counted(zone, 'ContractServiceUnits', { row: shapes.ServiceUnit, known }, inPeriod);
  const bundles = await counted(zone, 'ContractServiceBundleUnits', { row: shapes.BundleUnit, known }, inPeriod);
  return [
    ...services.map((row) => (isOdd(row) ? row : { ...row, position: idOf('service', row.contractServiceID) })),
    ...bundles.map((row) => (isOdd(row) ? row : { ...row, position: idOf('bundle', row.contractServiceBundleID) })),
  ];
}

/** Months of a contract's period, by the value that contracts have. */
export async function periodsOf(zone: Zone): Promise<ReadonlyMap<string, number>> {
  const { choices } = (await zone.fields('Contracts')).get('contractPeriodType') ?? { choices: [] };
  return new Map(
    choices.flatMap(({ id, name }): [string, number][] => {
      const months = MONTHS_OF_PERIOD.get(name.trim().toLowerCase());
      return months === undefined ? [] : [[String(id), months]];
    }),
  );
}

/** Billing rules count contacts or devices when charges are made: those charges are not lines, so there is a remark. */
export async function* countingRulesOf(zone: Zone): AsyncGenerator<BilledFact> {
  try {
    const active: Filter[] = [{ op: 'eq', field: 'isActive', value: true }];
    const rules = await Array.fromAsync(zone.query('ContractBillingRules', shapes.Rule, ['isActive'], active));
    if (rules.length === 0) return;
    yield note(
      `${quantity(rules.length, 'billing rule')} by contact or device: Datto PSA counts those, and nothing is compared`,
    );
  } catch (error) {
    if (!isReportError(error, 'VendorContractError')) throw error;
    yield note('it could not be read whether billing rules count contacts or devices');
  }
}

const midnight = (day: string): string => `${day}T00:00:00`;
