/** Beyond this many texts the results are dropped: a process can serve runs for hours. */
const MOST = 50_000;

/** The same function with a cache: the vendors of one MSP name the same companies and domains many times. */
export function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, { result: T }>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found.result;
    if (known.size === MOST) known.clear();
    const result = read(text);
    known.set(text, { result });
    return result;
  };
}
