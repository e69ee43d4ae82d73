import type { Objects } from '../platform/platform.ts';
import type { Collection } from '../report/collection.ts';
import { ReportError } from '../report/errors.ts';
import { isRecord } from '../report/record.ts';
import { readJson } from './json-file.ts';
import { runKeys } from './keys.ts';

/** What the collector of `integration` left in the run's folder; undefined when it has not finished. */
export async function readCollection(
  objects: Objects,
  runId: string,
  integration: string,
): Promise<Collection | undefined> {
  const key = runKeys(runId).collection(integration);
  const value = await readJson(objects, key);
  if (value === undefined || isCollectionOf(value, integration)) return value;
  throw new ReportError(
    'ConfigurationError',
    `${objects.locate(key)} is not a collection of ${integration}; remove that file`,
  );
}

/** Recognizes our own file by the parts that the report needs. Only the collector's step writes it. */
function isCollectionOf(value: unknown, integration: string): value is Collection {
  if (!isRecord(value) || value.integration !== integration) return false;
  if (value.status !== 'collected' && value.status !== 'partial') return false;
  if (!Array.isArray(value.columns) || !Array.isArray(value.notes) || !isRecord(value.receipt)) return false;
  return Array.isArray(value.customers) && value.customers.every(isCustomer);
}

function isCustomer(value: unknown): boolean {
  if (!isRecord(value) || typeof value.id !== 'string' || typeof value.name !== 'string') return false;
  const { state, reason, error } = value;
  if (state !== 'counted' && typeof reason !== 'string') return false;
  if (state === 'failed' && typeof error !== 'string') return false;
  if (!Array.isArray(value.aliases) || !Array.isArray(value.notes) || !isRecord(value.gaps)) return false;
  return isRecord(value.counts) && areCellValues(value.counts);
}

function areCellValues(counts: Record<string, unknown>): boolean {
  for (const title in counts) if (!isCellValue(counts[title])) return false;
  return true;
}

const isCellValue = (value: unknown): boolean =>
  typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
