import type { Reconciliation as Compared, ReconciliationRow as ComparedRow } from '../billing/reconciliation.ts';
import { joined, productName } from '../billing/reconciliation-csv.ts';
import { type ChangeLine, inOneField } from '../history/changes-csv.ts';
import type { Objects } from '../platform/platform.ts';
import { isRecord } from '../report/record.ts';
import type { ReportHead } from '../report/report.ts';
import type { TermRow as Term } from '../terms/term-row.ts';
import { ownerName } from '../terms/terms.ts';
import type { Reconciliation, ReportData } from '../views/report-data.ts';
import type { ChangeRow, ReconciliationRow, TermRow } from '../views/rows.ts';
import { readJson } from './json-file.ts';
import { runKeys } from './keys.ts';
import { readReconciliation } from './reconciliation-file.ts';

/** Everything that a run made, for the views. What was not made is missing. */
export async function reportDataOf<R extends ReportHead>(objects: Objects, report: R): Promise<ReportData<R>> {
  const { runId } = report;
  const keys = runKeys(runId);
  const compared = await readReconciliation(objects, runId);
  const changes = await rowsAt<ChangeLine>(objects, keys.changes);
  const terms = await rowsAt<Term>(objects, keys.terms);
  return {
    report,
    ...(compared === undefined ? {} : { reconciliation: reconciliationOf(compared) }),
    ...(changes === undefined ? {} : { changes: changes.map(changeRow) }),
    ...(terms === undefined ? {} : { terms: terms.map(termRow) }),
  };
}

/** Rows written by one of our own steps; undefined if it did not run. */
async function rowsAt<R extends object>(objects: Objects, key: string): Promise<R[] | undefined> {
  const value = await readJson(objects, key);
  return Array.isArray(value) ? value.filter((row): row is R => isRecord(row)) : undefined;
}

const reconciliationOf = ({ period, rows, totals, billedFrom, columnsOfNobody }: Compared): Reconciliation => ({
  period,
  rows: rows.map((row) => comparedRow(row, billedFrom)),
  totals,
  ...(columnsOfNobody === undefined ? {} : { columnsOfNobody }),
  unread: billedFrom.flatMap(({ name, status, error, message = '' }) =>
    status === 'failed' && error !== undefined ? [{ name, error, message }] : [],
  ),
});

const comparedRow = (row: ComparedRow, sources: Compared['billedFrom']): ReconciliationRow => ({
  ...present({
    companyId: row.companyId,
    serviceId: row.serviceId,
    counted: row.counted,
    billable: row.billable,
    billed: row.billed,
    difference: row.difference,
    unitPrice: row.unitPrice,
    moneyDifference: row.moneyDifference,
    currency: row.currency,
    reason: row.reason,
    agreements: joined(row.agreements.map(({ name }) => name)),
    products: joined(row.products.map(productName)),
    lines: joined(row.lines),
    billedFrom: joined(row.billedFrom.map((label) => sources.find((source) => source.label === label)?.name ?? label)),
    note: row.note,
  }),
  company: row.company,
  service: row.service ?? '',
  state: row.state,
  period: row.period,
});

const changeRow = ({ company, since, added, removed, ...line }: ChangeLine): ChangeRow => ({
  ...present({
    integration: line.integration,
    column: line.column,
    before: textOf(line.before),
    now: textOf(line.now),
    difference: textOf(line.difference),
    stateBefore: line.stateBefore,
    stateNow: line.stateNow,
    added: inOneField(added),
    removed: inOneField(removed),
  }),
  ...(line.namesOthers === true ? { namesOthers: true } : {}),
  company,
  companyId: line.companyId ?? '',
  since,
});

const termRow = ({ owner, integrations, product, id, reduction, basis, autoRenew, act, ...term }: Term): TermRow => ({
  ...present({
    companyId: owner.company?.id,
    quantity: textOf(term.quantity),
    assigned: textOf(term.assigned),
    unitCost: term.unitCost,
    currency: term.currency,
    billingTerm: term.billingTerm,
    commitment: term.commitment,
    termEnd: term.termEnd,
    scheduledQuantity: textOf(term.scheduledQuantity),
    reducibleNow: textOf(reduction.now),
    earliestReduction: reduction.earliest,
    lastDayToAct: reduction.lastDay,
    basis: basis === '' ? undefined : basis,
  }),
  ...(autoRenew === undefined ? {} : { autoRenew }),
  ...(act === undefined ? {} : { act: { ...act, units: String(act.units) } }),
  company: ownerName(owner),
  integration: integrations.map(({ name }) => name).join('; '),
  product,
  subscriptionId: id,
});

const textOf = (value: number | string | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

/** The properties that are not blank. */
function present<K extends string>(members: Record<K, string | null | undefined>): Partial<Record<K, string>> {
  const held: Partial<Record<K, string>> = {};
  for (const name in members) {
    const value = members[name];
    if (value !== null && value !== undefined && value !== '') held[name] = value;
  }
  return held;
}
