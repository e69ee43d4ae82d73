/**
 * How many seconds our clock is ahead of the server's (below 0: behind); undefined if the answer does not say when it
 * was made.
 */
export function skewOf(headers: Record<string, string>, now: number): number | undefined {
  const date = headers.age === undefined ? Date.parse(headers.date ?? '') : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.round((now - date) / 1000);
}
