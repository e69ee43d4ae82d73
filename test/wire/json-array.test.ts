import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrayCutter } from '../../lambdas/wire/json-array.ts';

/** What a text in pieces comes to: its entries, and what lies around them. */
function cut(pieces: readonly string[], at: readonly string[]): { entries: unknown[]; around: unknown } {
  const cutter = new ArrayCutter(at);
  const portions = pieces.flatMap((piece) => [...cutter.take(piece)]);
  const entries = portions.flatMap((portion) => JSON.parse(`[${portion}]`));
  return { entries, around: JSON.parse(cutter.end()) };
}

/** The text in pieces of these lengths, again and again. */
function inPieces(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let from = 0, turn = 0; from < text.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    pieces.push(text.slice(from, from + length));
    from += length;
  }
  return pieces;
}

const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const spaces = fc.constantFrom(undefined, 1, '\t');

describe('a JSON text that comes in pieces', () => {
  it('gives the entries of its list and what lies around it, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.jsonValue(),
        fc.jsonValue(),
        spaces,
        lengths,
        (rows, before, behind, space, by) => {
          const text = JSON.stringify({ before, 'rows"\\': { inner: rows, behind } }, null, space);
          expect(cut(inPieces(text, by), ['rows"\\', 'inner'])).toEqual(
            JSON.parse(JSON.stringify({ entries: rows, around: { before, 'rows"\\': { inner: [], behind } } })),
          );
        },
      ),
    );
  });

  it('may be the list itself', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), spaces, lengths, (rows, space, by) => {
        const text = JSON.stringify(rows, null, space);
        expect(cut(inPieces(` ${text}\n`, by), [])).toEqual(JSON.parse(JSON.stringify({ entries: rows, around: [] })));
      }),
    );
  });

  it('has a list of the same name elsewhere, which is another one', () => {
    const text = '{"meta":{"rows":[1]},"list":[{"rows":[2]}],"rows":[3,{"rows":[4]}]}';
    expect(cut([text], ['rows'])).toEqual({
      entries: [3, { rows: [4] }],
      around: { meta: { rows: [1] }, list: [{ rows: [2] }], rows: [] },
    });
  });

  it('without such a list lies around it as a whole', () => {
    expect(cut(['{"rows":{"a":[1]}}'], ['rows'])).toEqual({ entries: [], around: { rows: { a: [1] } } });
    expect(cut(['{"rows":null}'], ['rows'])).toEqual({ entries: [], around: { rows: null } });
    expect(cut(['[{"rows":[1]}]'], ['rows'])).toEqual({ entries: [], around: [{ rows: [1] }] });
  });

  it('is told from other lists by its whole way', () => {
    const text = '{"y":{"rows":[1]},"x":[{"rows":[2]}],"kind":"x","z":{"x":{"rows":[3]}}}';
    expect(cut([text], ['x', 'rows'])).toEqual({ entries: [], around: JSON.parse(text) });
    expect(cut([`{"y":{"rows":[1]},"kind":"x","x":{"kind":"rows","rows":[4]}}`], ['x', 'rows'])).toEqual({
      entries: [4],
      around: { y: { rows: [1] }, kind: 'x', x: { kind: 'rows', rows: [] } },
    });
  });

  it('hands entries on long before it ends, a few dozen together', () => {
    const rows = [
      ...Array.from({ length: 300 }, (_, id) => ({ id, name: 'x'.repeat(1000) })),
      ...Array.from({ length: 9000 }, (_, id) => id),
    ];
    for (const length of [1000, 65_536]) {
      const cutter = new ArrayCutter([]);
      const portions = inPieces(JSON.stringify(rows), [length]).flatMap((piece) => [...cutter.take(piece)]);
      expect(portions.flatMap((portion) => JSON.parse(`[${portion}]`))).toEqual(rows);
      expect(portions.length).toBeGreaterThan(20);
      expect(portions.slice(0, -1).every((portion) => portion.length >= 16_384 && portion.length < 18_000)).toBe(true);
    }
  });

  it('is none where as much as one character of it is missing', () => {
    const text = '{"total":2,"rows":[{"id":"a]}"},{"id":"\\"b"}],"more":[]}';
    for (let length = 0; length < text.length; length += 1)
      expect(() => cut([text.slice(0, length)], ['rows']), text.slice(0, length)).toThrow(SyntaxError);
  });

  it.each([
    '{"rows":[1,]}',
    '{"rows":[,1]}',
    '{"rows":[1,,2]}',
    '{"rows":[1 2]}',
    '{"rows":[{"id":1]}',
    '{"rows":[[1}]}',
    '{"rows":[1]]}',
    '{"rows":[1]} {"rows":[2]}',
    '{"rows":[1],}',
    '{"rows":["a\nb"]}',
    "{'rows':[1]}",
    '{"rows":[NaN]}',
    '<html>[1]</html>',
    '',
    '{"rows":[1]},',
    '"a" "b"',
  ])('that is no JSON is none here either: %s', (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(() => cut([text], ['rows'])).toThrow(SyntaxError);
  });

  it.each([
    '{"rows":[1],"rows":[2]}',
    '{"rows":[1],"rows":null}',
    '{"rows":null,"rows":[1]}',
    String.raw`{"rows":[1],"\u0072ows":[]}`,
  ])('that says twice what its list is, is none: %s', (text) => {
    expect(() => cut([text], ['rows'])).toThrow('two members rows');
  });

  it.each([
    ['behind the last', (entry: string) => `[${entry},]`],
    ['behind the last, but a blank', (entry: string) => `[${entry}, ]`],
    ['before the first', (entry: string) => `[${' '.repeat(20_000)},${entry}]`],
  ])('is none if there is no entry %s, however much was handed on', (_, write) => {
    expect(() => cut([write(JSON.stringify('x'.repeat(20_000)))], [])).toThrow(SyntaxError);
  });

  it('is none if it goes on behind its list with another one', () => {
    expect(() => cut(['[1][2]'], [])).toThrow('it comes twice');
  });

  it('may not be endless, neither in one entry nor around the list', () => {
    const much = (mebibytes: number) => 'x'.repeat(mebibytes * 1024 * 1024);
    expect(() => cut([`{"rows":["${much(8)}`, 'x"]}'], ['rows'])).toThrow('without an entry');
    expect(() => cut([`{"more":"${much(1)}`, '","rows":[]}'], ['rows'])).toThrow('without an entry');
  });
});
