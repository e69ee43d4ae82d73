import { jsonText, parseJsonFile } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';

/** The parsed object at `key`; undefined when there is none. Errors: `ConfigurationError` when it is not JSON. */
export async function readJson(objects: Objects, key: string): Promise<unknown> {
  const body = await objects.read(key);
  return body === undefined ? undefined : parseJsonFile(body, objects.locate(key));
}

/** Writes `value` as readable JSON. */
export const writeJson = (objects: Objects, key: string, value: unknown): Promise<void> =>
  objects.write(key, jsonText(value), 'application/json');
