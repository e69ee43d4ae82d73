import { firstNames } from '../report/describe-issue.ts';
import { isRecord } from '../report/record.ts';

/**
 * Where something is inside an answer: field names joined by dots, '' for the answer itself; a list of names if one
 * contains a dot (`['@odata.nextLink']`). A `?` after a name (`page.total?`) means that the answer can lack it.
 */
export type Place = string | readonly string[];

export type Fault = { path: string[]; message: string };
export type Found = { value: unknown } | { fault: Fault };

/**
 * What an answer holds at `place`; undefined if a field marked `?` is missing or null. A required field that is
 * missing, or whose parent is not an object, is a fault that names the fields seen, never their values.
 */
export function find(answer: unknown, place: Place): Found {
  let here = answer;
  const path: string[] = [];
  for (const step of stepsOf(place)) {
    const name = step.replace(/\?$/u, '');
    if (!isRecord(here)) return { fault: { path, message: `expected an object with ${name}, found ${kindOf(here)}` } };
    path.push(name);
    const value = Object.hasOwn(here, name) ? here[name] : undefined;
    if (value === undefined || value === null) {
      if (step.endsWith('?')) return { value: undefined };
      return { fault: { path, message: `expected, found ${kindOf(value)} (fields seen: ${membersOf(here)})` } };
    }
    here = value;
  }
  return { value: here };
}

/** The value at `place`; undefined if it is missing for any reason. */
export function valueAt(answer: unknown, place: Place): unknown {
  const found = find(answer, place);
  return 'value' in found ? found.value : undefined;
}

/** The names on the way to a place. */
export const pathOf = (place: Place): string[] => stepsOf(place).map((step) => step.replace(/\?$/u, ''));

/** The same place with an optional last field. */
export function optional(place: Place): Place {
  const steps = stepsOf(place);
  return steps.map((step, index) => (index === steps.length - 1 && !step.endsWith('?') ? `${step}?` : step));
}

const stepsOf = (place: Place): readonly string[] =>
  typeof place !== 'string' ? place : place === '' ? [] : place.split('.');

/** The names of an object's fields, those of nested objects in brackets: enough to recognize a renamed field. */
export function membersOf(holder: Readonly<Record<string, unknown>>): string {
  const names = Object.entries(holder).map(([name, value]) =>
    isRecord(value) ? `${name} {${firstNames(Object.keys(value))}}` : name,
  );
  return names.length === 0 ? 'none' : firstNames(names);
}

export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
