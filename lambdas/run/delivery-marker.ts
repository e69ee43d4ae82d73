import * as z from 'zod/mini';
import { jsonText } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';
import type { Marker } from '../psa/delivery/marker.ts';
import { readJson } from './json-file.ts';

const Content = z.object({ begun: z.optional(z.string()), recorded: z.optional(z.unknown()) });

/** The record of an action that is attempted once: the file at `key`, which only this action touches. */
export type DeliveryMarker = {
  /** True only for the first call ever. */
  begin(): Promise<boolean>;
  /** When it was begun, in milliseconds since the epoch; undefined if it was not. */
  begunAt(): Promise<number | undefined>;
  release(): Promise<void>;
  record(value: unknown): Promise<void>;
  recorded(): Promise<unknown>;
  place: string;
};

/** One delivery's marker in the run's folder: begun before the action, recorded after it. `at` (ISO 8601) is now. */
export function deliveryMarker(objects: Objects, key: string, at: string): DeliveryMarker {
  const read = async () => z.safeParse(Content, await readJson(objects, key)).data;
  return {
    place: objects.locate(key),
    begin: () => objects.createOnce(key, jsonText({ begun: at })),
    async begunAt() {
      const begun = (await read())?.begun;
      return begun === undefined ? undefined : Date.parse(begun);
    },
    release: () => objects.remove(key),
    record: (value) => objects.write(key, jsonText({ begun: at, recorded: value }), 'application/json'),
    recorded: async () => (await read())?.recorded,
  };
}

/** The marker of an action that can be attempted a second time. The second attempt has its own file. */
export function twoAttemptsMarker(objects: Objects, key: string, at: string): Marker {
  const first = deliveryMarker(objects, key, at);
  const second = deliveryMarker(objects, key.replace(/\.json$/u, '-again.json'), at);
  return {
    place: first.place,
    begin: (attempt = 1) => (attempt === 1 ? first : second).begin(),
    async begun() {
      const firstAt = await first.begunAt();
      if (firstAt === undefined) return undefined;
      const secondAt = await second.begunAt();
      return secondAt === undefined ? { attempt: 1, at: firstAt } : { attempt: 2, at: secondAt };
    },
    async release() {
      await second.release();
      await first.release();
    },
    record: (value) => first.record(value),
    recorded: () => first.recorded(),
  };
}
