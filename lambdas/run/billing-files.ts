import { type BillingConfiguration, type KnownToBilling, readBillingConfiguration } from '../billing/configuration.ts';
import type { BilledSide } from '../billing/line.ts';
import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { isRecord } from '../report/record.ts';
import { readJson } from './json-file.ts';
import { billingKey, runKeys } from './keys.ts';
import type { Catalogued, Known } from './known.ts';

/** What can be named in billing.json in this installation. */
export const billingKnown = (
  { sources, collectors }: Catalogued & Pick<Known, 'sources'>,
  organizations: KnownToBilling['organizations'],
  managingOrganization: KnownToBilling['managingOrganization'],
): KnownToBilling => ({ sources, catalog: collectors, organizations, managingOrganization });

/**
 * Reads and checks billing.json at `key`, by default the user's own; undefined if there is none. Errors:
 * `ConfigurationError`.
 */
export async function readBilling(
  objects: Objects,
  known: KnownToBilling,
  key = billingKey,
): Promise<BillingConfiguration | undefined> {
  const value = await readJson(objects, key);
  return value === undefined ? undefined : readBillingConfiguration(value, known);
}

/** What the reader of `source` left in the run's folder; undefined when it has not finished. */
export async function readBilledSide(objects: Objects, runId: string, source: string): Promise<BilledSide | undefined> {
  const key = runKeys(runId).billed(source);
  const value = await readJson(objects, key);
  if (value === undefined || isSideOf(value, source)) return value;
  throw new ReportError(
    'ConfigurationError',
    `${objects.locate(key)} does not hold what ${source} bills; remove that file`,
  );
}

/** Recognizes our own file by its parts. Only the reader's step writes it. */
function isSideOf(value: unknown, source: string): value is BilledSide {
  if (!isRecord(value) || value.source !== source || typeof value.label !== 'string') return false;
  if (value.status === 'failed') return typeof value.error === 'string' && typeof value.message === 'string';
  return Array.isArray(value.lines) && Array.isArray(value.customers) && isRecord(value.receipt);
}
