import { jsonText } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';
import type { Marker } from '../psa/delivery/marker.ts';
import { readJson } from './json-file.ts';

/**
 * One delivery's marker in the run's folder: begun before the act, recorded after it. A beginning without a record means that the
 * act may have happened. `at` (ISO 8601) is for the person who reads it.
 */
export function deliveryMarker(objects: Objects, key: string, at: string): Marker {
  return {
    place: objects.locate(key),
    begin: () => objects.createOnce(key, jsonText({ claimed: at })),
    release: () => objects.remove(key),
    record: (value) => objects.write(key, jsonText({ claimed: at, recorded: value }), 'application/json'),
    async recorded() {
      const marker = await readJson(objects, key);
      return typeof marker === 'object' && marker !== null && 'recorded' in marker ? marker.recorded : undefined;
    },
  };
}
