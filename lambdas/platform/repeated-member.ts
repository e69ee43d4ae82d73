/** A text, or a bracket, colon or comma; numbers and literals are in between. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gsu;

type Level = { names: Set<string> | undefined; at: string | number };

/**
 * The path of a field that an object in this JSON text has twice, if there is one: parsers silently keep the last and
 * drop the others. The text must be valid JSON.
 */
export function repeatedMember(json: string): string | undefined {
  const levels: Level[] = [];
  let text: string | undefined;
  for (const [token] of json.matchAll(TOKEN)) {
    const level = levels.at(-1);
    switch (token) {
      case '{':
        levels.push({ names: new Set(), at: '' });
        break;
      case '[':
        levels.push({ names: undefined, at: 0 });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ':':
        if (level?.names !== undefined && text !== undefined) {
          const name = nameOf(text);
          level.at = name;
          if (level.names.has(name)) return levels.map(({ at }) => at).join('.');
          level.names.add(name);
        }
        break;
      case ',':
        if (typeof level?.at === 'number') level.at += 1;
        break;
      default:
        text = token;
    }
  }
  return undefined;
}

/** The value of a quoted text: most contain no escape. */
const nameOf = (text: string): string => (text.includes('\\') ? JSON.parse(text) : text.slice(1, -1));
