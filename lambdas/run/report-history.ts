import { createHash } from 'node:crypto';
import type { VendorHistory } from '../history/vendor-history.ts';
import { jsonLines } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';
import { isRecord } from '../report/record.ts';
import { readJson } from './json-file.ts';
import { reportHistoryFolder, reportHistoryKey, runKeys } from './keys.ts';

/** What a run leaves for the next one, once it is delivered; `superseded` if a later report was delivered meanwhile. */
type Left = { history: VendorHistory; superseded: boolean };

/**
 * What a vendor's cells are compared with: the last delivered report or, as long as there is none, the last that
 * was only made. `since` names another run, whose folder still contains its history.
 */
export async function pastOf(objects: Objects, integration: string, since: string | null): Promise<unknown> {
  if (since !== null) {
    const left = await readJson(objects, runKeys(since).history(integration));
    return isRecord(left) ? left.history : left;
  }
  const delivered = await readJson(objects, reportHistoryKey(integration, 'delivered'));
  return delivered ?? readJson(objects, reportHistoryKey(integration, 'made'));
}

/** The key of what `pastOf` reads, or the folder that holds it. */
export const placeOfPast = (integration: string, since: string | null): string =>
  since === null ? reportHistoryFolder(integration) : runKeys(since).history(integration);

/** Writes a vendor's history to the run's folder, until the run is delivered. */
export const leaveHistory = (objects: Objects, runId: string, integration: string, left: Left): Promise<void> =>
  objects.write(runKeys(runId).history(integration), jsonLines(left), 'application/json');

/**
 * Makes a run's history the one that later runs compare with. A report that was only made never replaces a delivered
 * one.
 */
export async function keepHistory(
  objects: Objects,
  runId: string,
  integration: string,
  how: 'delivered' | 'made',
): Promise<void> {
  const left = await readJson(objects, runKeys(runId).history(integration));
  if (!isRecord(left) || !isRecord(left.history) || left.superseded === true) return;
  await objects.write(reportHistoryKey(integration, how), jsonLines(left.history), 'application/json');
}

/** Identifies a configuration by the settings that affect one integration's numbers. */
export const fingerprintOf = (managingOrganization: string, settings: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([managingOrganization, settings]))
    .digest('hex')
    .slice(0, 16);
