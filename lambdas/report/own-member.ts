/**
 * A record's own member, or undefined. Titles and ids come from vendors: one called "constructor" must not find what
 * every object inherits.
 */
export function ownMember<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
