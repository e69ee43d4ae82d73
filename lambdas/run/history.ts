import * as z from 'zod/mini';
import { type LastRun, sizeOf } from '../counting/plausible.ts';
import type { Objects } from '../platform/platform.ts';
import type { Collection } from '../report/collection.ts';
import { readJson, writeJson } from './json-file.ts';
import { historyKey } from './keys.ts';

const Kept = z.object({ runId: z.string(), asOf: z.string(), customers: z.int(), units: z.number() });

/** The size of the last plausible collection; undefined if there was none, or none that can be read. */
export async function readPast(objects: Objects, integration: string): Promise<LastRun | undefined> {
  const kept = z.safeParse(Kept, await readJson(objects, historyKey(integration)));
  return kept.success ? kept.data : undefined;
}

/**
 * Records the size of a collection for the next one. Written after the collection, so that a repeated run is not
 * compared with itself.
 */
export async function writePast(objects: Objects, runId: string, collection: Collection): Promise<void> {
  const { integration, asOf } = collection;
  await writeJson(objects, historyKey(integration), { runId, asOf, ...sizeOf(collection) } satisfies LastRun);
}
