/** A text, or a bracket, colon or comma; numbers and words of JSON lie in between. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gsu;

type Level = { names: Set<string> | undefined; at: string | number };

/**
 * The path of a member that an object of this JSON text names twice, where there is one: readers keep the last and drop the others
 * without a word. The text is known to be JSON.
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

/** What a text in quotes says: most have nothing in them that is written in another way. */
const nameOf = (text: string): string => (text.includes('\\') ? JSON.parse(text) : text.slice(1, -1));
