import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { guardSize, sampleOf } from '../../lambdas/wire/answer-size.ts';
import { conform, parseJson } from '../../lambdas/wire/parse.ts';

const WHERE = 'Vendor GET /list';
const guard = (text: string) => () => guardSize(Buffer.from(text), WHERE);

describe('the size of an answer', () => {
  it.each([
    ['objects', '{},', 2],
    ['arrays', '[],', 2],
    ['numbers', '1,', 1],
  ])('is refused before it is parsed if it holds more than four million values: %s', (_, part, values) => {
    const most = 4_000_000 / values;
    expect(guard(part.repeat(most))).not.toThrow();
    expect(guard(part.repeat(most + 1))).toThrow(
      `${WHERE}: the answer holds ${4_000_000 + values} values; at most 4000000 are read at once`,
    );
  });

  it('does not matter if it is one long text', () => {
    expect(guard(`"${'x'.repeat(8_000_000)}"`)).not.toThrow();
  });

  it('is checked where answers are parsed', () => {
    expect(() => parseJson(Buffer.from(`[${'{},'.repeat(2_000_000)}{}]`), undefined, WHERE)).toThrow('values; at most');
  });
});

describe('a page with too many rows', () => {
  const Rows = z.object({ rows: z.array(z.object({ id: z.int(), name: z.string() })) });

  it('is refused by their number', () => {
    expect(() => sampleOf({ page: { rows: Array(200_000).fill(0) } }, WHERE)).not.toThrow();
    expect(() => sampleOf({ page: { rows: Array(200_001).fill(0) } }, WHERE)).toThrow(
      `${WHERE}: the answer holds an array of 200001 entries; at most 200000 are read at once`,
    );
  });

  it('is not described row by row: a hundred thousand faulty ones cost no more than twenty', () => {
    const startedAt = process.cpuUsage();
    const rows = Array.from({ length: 100_000 }, () => ({}));
    expect(() => conform(Rows, { rows }, WHERE)).toThrow(/rows\.0\.id.*\(and 37 more\)$/u);
    expect(process.cpuUsage(startedAt).user / 1000).toBeLessThan(200);
  });
});

describe('a sample', () => {
  const long = Array.from({ length: 21 }, (_, id) => id);

  it('has the first twenty entries of each long array, and everything beside them', () => {
    expect(sampleOf(long, WHERE)).toEqual(long.slice(0, 20));
    expect(sampleOf({ data: { rows: long, next: 'a' }, total: 21, none: null }, WHERE)).toEqual({
      data: { rows: long.slice(0, 20), next: 'a' },
      total: 21,
      none: null,
    });
  });

  it.each([
    [long.slice(0, 20)],
    [{ rows: long.slice(0, 20) }],
    ['text'],
    [null],
    [7],
    [{ a: { b: { c: { d: long } } } }],
  ])('is the answer itself if nothing near the top is long', (value) => {
    expect(sampleOf(value, WHERE)).toBe(value);
  });
});
