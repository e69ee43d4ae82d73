import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText, parseJsonFile } from '../../lambdas/platform/json-text.ts';

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
  ['{ "a": 1, }', 'line 1, column 11'],
  ['{ "a": "1" } x', 'line 1, column 14'],
])('%j is refused at its place', (text, place) => {
  expect(faultOf(text)).toBe(`x.json is not JSON: look at ${place}`);
});

test('bytes that are not UTF-8 are refused; a byte order mark is not', () => {
  expect(() => parseJsonFile(Buffer.from([0x7b, 0xff, 0x7d]), 'x.json')).toThrow('x.json is not UTF-8 text');
  expect(parseJsonFile(Buffer.from('\ufeff{}'), 'x.json')).toEqual({});
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(jsonText(parseJsonFile(Buffer.from(jsonText(value)), 'x'))).toBe(jsonText(value));
    }),
    { numRuns: 100 },
  );
});
