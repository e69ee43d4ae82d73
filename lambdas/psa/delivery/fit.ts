const LEFT_OUT = '[…] shortened here: the files of the run have the full text';

/** The share of the room for the end of a text: where the files are, and the run key. */
const END = 1 / 3;

/**
 * `text` in at most `longest` characters. Whole lines go from its middle and a line says so: the beginning says what
 * failed, the end where the files are.
 */
export function fitted(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const lines = text.split('\n');
  const end: string[] = [];
  let room = Math.floor(longest * END);
  for (let last = lines.at(-1); last !== undefined && last.length < room; last = lines.at(-1)) {
    room -= last.length + 1;
    end.unshift(last);
    lines.pop();
  }
  const beginning: string[] = [];
  room = longest - [LEFT_OUT, ...end].join('\n').length;
  for (const line of lines) {
    if (line.length >= room) break;
    room -= line.length + 1;
    beginning.push(line);
  }
  return [...beginning, LEFT_OUT, ...end].join('\n');
}
