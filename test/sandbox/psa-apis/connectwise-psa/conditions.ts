type Row = Record<string, unknown>;
type Test = (row: Row) => boolean;

const TOKEN = /\s*(\(|\)|>=|<=|=|>|<|"[^"]*"|\[[^\]]*\]|[\w/.-]+)/uy;

/**
 * The part of the condition grammar that is needed: comparisons of a path with a text, number, date in brackets, true,
 * false or null, joined by `and` and `or`, with parentheses. Undefined if the conditions are not of that grammar.
 */
export function conditionOf(conditions: string | null): Test | undefined {
  if (conditions === null || conditions.trim() === '') return () => true;
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < conditions.trimEnd().length) {
    const token = TOKEN.exec(conditions)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  const parsed = either(tokens);
  return tokens.length === 0 ? parsed : undefined;
}

function either(tokens: string[]): Test | undefined {
  const tests = joined(
    tokens,
    'or',
    (rest) => joined(rest, 'and', term, (all, row) => all.every((test) => test(row))),
    (all, row) => all.some((test) => test(row)),
  );
  return tests;
}

function joined(
  tokens: string[],
  word: 'and' | 'or',
  part: (tokens: string[]) => Test | undefined,
  combine: (tests: readonly Test[], row: Row) => boolean,
): Test | undefined {
  const tests: Test[] = [];
  do {
    const test = part(tokens);
    if (test === undefined) return undefined;
    tests.push(test);
  } while (tokens[0]?.toLowerCase() === word && tokens.shift() !== undefined);
  return (row) => combine(tests, row);
}

function term(tokens: string[]): Test | undefined {
  if (tokens[0] === '(') {
    tokens.shift();
    const inner = either(tokens);
    return tokens.shift() === ')' ? inner : undefined;
  }
  const [path, operator, literal] = tokens.splice(0, 3);
  if (path === undefined || operator === undefined || literal === undefined || !/^[\w/]+$/u.test(path))
    return undefined;
  const wanted = literalOf(literal);
  if (wanted === undefined || !['=', '>=', '<=', '>', '<'].includes(operator)) return undefined;
  return (row) => holds(row, path.split('/'), operator, wanted.value);
}

function literalOf(literal: string): { value: unknown } | undefined {
  const date = /^\[(\d{4}-\d{2}-\d{2})(?:T[\d:]+Z)?\]$/u.exec(literal)?.[1];
  if (date !== undefined) return { value: date };
  if (!/^("[^"]*"|-?\d+(?:\.\d+)?|true|false|null)$/u.test(literal)) return undefined;
  return { value: JSON.parse(literal) };
}

function holds(value: unknown, [step, ...steps]: string[], operator: string, wanted: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some((entry) => holds(entry, step === undefined ? [] : [step, ...steps], operator, wanted));
  }
  if (step !== undefined) {
    const isRow = typeof value === 'object' && value !== null;
    const inner: unknown = isRow ? Reflect.get(value, step) : undefined;
    return (isRow || wanted === null) && holds(inner, steps, operator, wanted);
  }
  if (wanted === null) return operator === '=' && (value === null || value === undefined);
  if (operator === '=') {
    return typeof value === 'string' && typeof wanted === 'string'
      ? value.toLowerCase() === wanted.toLowerCase()
      : value === wanted;
  }
  if (typeof value !== typeof wanted || (typeof value !== 'string' && typeof value !== 'number')) return false;
  const [left, right] = [value, wanted as typeof value];
  if (operator === '>=') return left >= right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left < right;
}
