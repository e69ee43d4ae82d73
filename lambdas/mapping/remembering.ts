/** At this many texts the cache is emptied: a process can serve runs for hours. */
const MOST = 50_000;

/** The same function with a cache: the vendors of one MSP name the same companies and domains many times. */
export function remembering<T>(read: (text: string) => T): (text: string) => T {
  const results = new Map<string, { result: T }>();
  return (text) => {
    const found = results.get(text);
    if (found !== undefined) return found.result;
    if (results.size === MOST) results.clear();
    const result = read(text);
    results.set(text, { result });
    return result;
  };
}
