import { fileText, jsonText, parseJsonFile } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';

/** The parsed object at `key`; undefined when there is none. Errors: `ConfigurationError` when it is not JSON. */
export async function readJson(objects: Objects, key: string): Promise<unknown> {
  const text = await readText(objects, key);
  return text === undefined ? undefined : parseJsonFile(text, objects.locate(key));
}

/** Apart, so that the bytes are gone when the text is parsed: a large report has no room beside itself. */
async function readText(objects: Objects, key: string): Promise<string | undefined> {
  const body = await objects.read(key);
  return body === undefined ? undefined : fileText(body, objects.locate(key));
}

/** Writes `value` as readable JSON. */
export const writeJson = (objects: Objects, key: string, value: unknown): Promise<void> =>
  objects.write(key, jsonText(value), 'application/json');
