import { fileText, jsonText, parseJsonFile, parseWrittenJson } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';

/** The parsed object at `key`; undefined if there is none. Errors: `ConfigurationError` if it is not JSON. */
export async function readJson(objects: Objects, key: string): Promise<unknown> {
  const text = await readText(objects, key);
  if (text === undefined) return undefined;
  return (key.startsWith('config/') ? parseWrittenJson : parseJsonFile)(text, objects.locate(key));
}

/**
 * A function of its own, so that the bytes can be freed before parsing: two copies of a large report do not fit in
 * memory.
 */
async function readText(objects: Objects, key: string): Promise<string | undefined> {
  const body = await objects.read(key);
  return body === undefined ? undefined : fileText(body, objects.locate(key));
}

/** Writes `value` as readable JSON. */
export const writeJson = (objects: Objects, key: string, value: unknown): Promise<void> =>
  objects.write(key, jsonText(value), 'application/json');
