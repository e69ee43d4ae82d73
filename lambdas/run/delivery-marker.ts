import * as z from 'zod/mini';
import { jsonText } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';
import type { Attempt, Marker } from '../psa/delivery/marker.ts';
import { readJson } from './json-file.ts';

const Content = z.object({ begun: z.optional(z.string()), recorded: z.optional(z.unknown()) });

/**
 * One delivery's marker in the run's folder: begun before the act, recorded after it. A second attempt has a file of its own beside
 * the first. `at` (ISO 8601) is the present moment.
 */
export function deliveryMarker(objects: Objects, key: string, at: string): Marker {
  const keyOf = (attempt: Attempt): string => (attempt === 1 ? key : key.replace(/\.json$/u, '-again.json'));
  const read = async (attempt: Attempt) => z.safeParse(Content, await readJson(objects, keyOf(attempt))).data;
  return {
    place: objects.locate(key),
    begin: (attempt = 1) => objects.createOnce(keyOf(attempt), jsonText({ begun: at })),
    async begun() {
      const first = (await read(1))?.begun;
      if (first === undefined) return undefined;
      const second = (await read(2))?.begun;
      return second === undefined ? { attempt: 1, at: Date.parse(first) } : { attempt: 2, at: Date.parse(second) };
    },
    async release() {
      await objects.remove(keyOf(2));
      await objects.remove(key);
    },
    record: (value) => objects.write(key, jsonText({ begun: at, recorded: value }), 'application/json'),
    recorded: async () => (await read(1))?.recorded,
  };
}
