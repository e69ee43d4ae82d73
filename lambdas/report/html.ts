const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** The text as it may be in an element or an attribute of HTML. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/gu, (character) => ENTITIES.get(character) ?? character);
