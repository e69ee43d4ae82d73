/** Orders text by its code units, independent of the machine's locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Orders names as people look for them, upper and lower case alike; equal ones by their code units. */
export const byName = (a: string, b: string): number => byText(a.toLowerCase(), b.toLowerCase()) || byText(a, b);

/** Distinct texts, in order. */
export const distinct = (texts: Iterable<string>): string[] => [...new Set(texts)].sort(byText);
