/** Beyond this many entries a list in a message is no help any more; the files have them all. */
const NAMED = 50;

/** The first entries of a list, and how many more there are. */
export function capped(entries: readonly string[]): string[] {
  const more = entries.length - NAMED;
  return more > 0 ? [...entries.slice(0, NAMED), `and ${more} more`] : [...entries];
}

/** The entries in one line. */
export const listed = (entries: readonly string[]): string => capped(entries).join(', ');
