import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLines, jsonText, parseJsonFile } from '../../lambdas/platform/json-text.ts';

const faultOf = (text: string): string => {
  try {
    parseJsonFile(text, 'x.json');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
};

test.each([
  ['{\n  "a": canary\n}', 'line 2, column 8'],
  ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3'],
  ['{ "a": 1, }', 'line 1, column 11: remove the comma before the closing bracket'],
  ['{ "a": [1,\n] }', 'line 2, column 1: remove the comma before the closing bracket'],
  ['{ // mine\n}', 'line 1, column 3: JSON has no comments; remove this one'],
  ["{ 'a': 1 }", 'line 1, column 3: put names and texts in straight double quotes, "…"'],
  ['{ “a”: 1 }', 'line 1, column 3: put names and texts in straight double quotes, "…"'],
  ['{ "a": "canary\nb" }', 'line 1, column 15: keep a text on one line, and write a line break in it as \\n'],
  ['{ "a": 1', 'line 1, column 9: the file ends too soon; a bracket or quote is not closed'],
  ['{ "a": "1" } x', 'line 1, column 14'],
])('%j is refused at its place', (text, place) => {
  expect(faultOf(text)).toBe(`x.json is not JSON: look at ${place}`);
});

test('bytes that are not UTF-8 are refused; a byte order mark is not', () => {
  expect(() => parseJsonFile(Buffer.from([0x7b, 0xff, 0x7d]), 'x.json')).toThrow('x.json is not UTF-8 text');
  expect(parseJsonFile(Buffer.from('\ufeff{}'), 'x.json')).toEqual({});
});

test('what is written reads back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(jsonText(parseJsonFile(Buffer.from(jsonText(value)), 'x'))).toBe(jsonText(value));
    }),
    { numRuns: 100 },
  );
});

test('what is written line by line is the same value, whatever the size of its parts', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect(JSON.parse(textOf(jsonLines(value)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 100 },
  );
});

test('a list has a line for each element, and undefined is left out as everywhere in JSON', () => {
  const value = { none: undefined, id: 'Zoë', rows: [{ a: 1 }, undefined, { b: [2, 3] }], empty: [] };
  expect(textOf(jsonLines(value))).toBe(
    '{\n  "id": "Zoë",\n  "rows": [\n    {"a":1},\n    null,\n    {"b":[2,3]}\n  ],\n  "empty": []\n}\n',
  );
  expect(textOf(jsonLines({}))).toBe('{}\n');
});

const textOf = (chunks: Iterable<Uint8Array>): string => Buffer.concat([...chunks]).toString();
