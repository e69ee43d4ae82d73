import * as z from 'zod/mini';
import { type Reconciliation, STATES } from '../billing/reconciliation.ts';
import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { isRecord } from '../report/record.ts';
import { readJson } from './json-file.ts';
import { runKeys } from './keys.ts';

/** The part of a comparison that travels: the location of its files, and its totals. */
export const Reconciled = z.object({
  key: z.string(),
  csv: z.string(),
  period: z.string(),
  states: z.record(z.enum(STATES), z.number()),
  totals: z.array(
    z.object({
      currency: z.string(),
      underBilled: z.string(),
      countedNotBilled: z.string(),
      overBilled: z.string(),
      billedNotCounted: z.string(),
    }),
  ),
});

export type ReconciliationTotals = z.output<typeof Reconciled>;

/** The comparison of the run; undefined if none was made. */
export async function readReconciliation(objects: Objects, runId: string): Promise<Reconciliation | undefined> {
  const key = runKeys(runId).reconciliation;
  const value = await readJson(objects, key);
  if (value === undefined || isReconciliation(value)) return value;
  throw new ReportError('ConfigurationError', `${objects.locate(key)} is not a comparison; remove that file`);
}

/** Only Reconcile writes it, so its rows are not checked. */
const isReconciliation = (value: unknown): value is Reconciliation =>
  isRecord(value) &&
  typeof value.period === 'string' &&
  isRecord(value.states) &&
  [value.rows, value.totals, value.billedFrom].every(Array.isArray);
