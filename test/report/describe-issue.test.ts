import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { describeIssue } from '../../lambdas/report/describe-issue.ts';

const shape = z.strictObject({
  id: z.string().check(z.minLength(2)),
  size: z.number().check(z.maximum(9)),
  kind: z.enum(['a', 'b']),
  list: z.array(z.union([z.string(), z.number()])).check(z.minLength(1)),
});

const faultsOf = (value: unknown): string[] =>
  (z.safeParse(shape, value).error?.issues ?? []).map((issue) => describeIssue(issue, value));

describe('a fault in a sentence', () => {
  test('names path, what is expected, what was found and the fields next to it', () => {
    expect(faultsOf({ ident: 'x', size: '1', kind: 'a', list: ['x'] })).toEqual([
      'id: expected string, found nothing (fields seen: ident, size, kind, list)',
      'size: expected number, found string (fields seen: ident, size, kind, list)',
      'unknown field "ident"',
    ]);
  });

  test('says bounds, choices and unions', () => {
    expect(faultsOf({ id: '', size: 10, kind: 'c', list: [null] })).toEqual([
      'id: must be at least 2 characters long',
      'size: must be at most 9',
      'kind: expected "a" or "b", found another text',
      'list.0: expected string or number, found null',
    ]);
    expect(faultsOf({ id: 'id', size: 1, kind: 'a', list: [] })).toEqual(['list: must be at least 1 entry long']);
  });

  test('never quotes a value, which may be a secret', () => {
    expect(faultsOf({ id: 5, size: 'hunter2', kind: 'hunter2', list: 'hunter2' }).join()).not.toContain('hunter2');
  });

  test('names the whole if the whole is at fault', () => {
    expect(faultsOf(null)).toEqual(['the whole: expected object, found null']);
  });
});

describe('a fault of another kind', () => {
  const sentences = (schema: z.ZodMiniType, value: unknown): string[] =>
    (z.safeParse(schema, value).error?.issues ?? []).map((issue) => describeIssue(issue, value));

  test('names every unknown field, and where it is', () => {
    const inner = z.strictObject({ box: z.strictObject({}) });
    expect(sentences(z.strictObject({}), { a: 1, b: 2 })).toEqual(['unknown field "a", "b"']);
    expect(sentences(inner, { box: { a: 1 } })).toEqual(['box: unknown field "a"']);
  });

  test('counts characters and entries as people do', () => {
    expect(sentences(z.string().check(z.minLength(1)), '')).toEqual(['the whole: must be at least 1 character long']);
    expect(sentences(z.string().check(z.maxLength(2)), 'abc')).toEqual([
      'the whole: must be at most 2 characters long',
    ]);
    expect(sentences(z.array(z.string()).check(z.minLength(2)), [])).toEqual([
      'the whole: must be at least 2 entries long',
    ]);
  });

  test('says what an address looks like', () => {
    expect(sentences(z.url({ protocol: /^https$/u }), 'desk.example')).toEqual([
      'the whole: expected an address, https://…',
    ]);
  });

  test('uses its own sentence if it has one, and its kind if it has none', () => {
    expect(sentences(z.string().check(z.refine(() => false, 'expected a colour')), 'x')).toEqual([
      'the whole: expected a colour',
    ]);
    expect(sentences(z.string().check(z.refine(() => false)), 'x')).toEqual(['the whole: not valid (custom)']);
    expect(sentences(z.string().check(z.refine(() => false, '')), 'x')).toEqual(['the whole: not valid (custom)']);
  });

  test('says what a form looks like where people know it by another name, and else its name', () => {
    expect(sentences(z.url(), 'acme')).toEqual(['the whole: expected an address, https://…']);
    expect(sentences(z.email(), 'acme')).toEqual(['the whole: not valid (email)']);
  });

  test('says of a text that is none of the known ones that it is another, and of anything else its kind', () => {
    expect(sentences(z.enum(['a', 'b']), 'c')).toEqual(['the whole: expected "a" or "b", found another text']);
    expect(sentences(z.enum(['a', 'b']), 5)).toEqual(['the whole: expected "a" or "b", found number']);
  });

  test('names the kinds of a union only if the kind alone was wrong', () => {
    const shapes = z.union([z.object({ a: z.string() }), z.string()]);
    expect(sentences(z.union([z.string(), z.string(), z.null()]), [])).toEqual([
      'the whole: expected string or null, found array',
    ]);
    expect(sentences(shapes, 5)).toEqual(['the whole: expected object or string, found number']);
    expect(sentences(shapes, { a: 5 })).toEqual(['the whole: none of the expected forms, found object']);
    expect(sentences(z.union([z.enum(['a', 'b']), z.number()]), 'c')).toEqual([
      'the whole: none of the expected forms, found string',
    ]);
    const tagged = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a') }),
      z.object({ kind: z.literal('b') }),
    ]);
    expect(sentences(tagged, { kind: 'c' })).toEqual([
      'kind: none of the expected forms, found string (fields seen: kind)',
    ]);
    expect(sentences(z.union([z.object({ a: z.string(), b: z.string() }), z.object({})]), 5)).toEqual([
      'the whole: expected object, found number',
    ]);
    expect(sentences(z.union([z.object({ a: z.string(), b: z.string() }), z.number()]), {})).toEqual([
      'the whole: none of the expected forms, found object',
    ]);
  });

  test('names twelve fields next to a missing one, and says when there are more', () => {
    const members = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, 1]));
    const twelve = 'm0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11';
    const schema = z.object({ id: z.string() });
    expect(sentences(schema, members(12))).toEqual([`id: expected string, found nothing (fields seen: ${twelve})`]);
    expect(sentences(schema, members(13))).toEqual([
      `id: expected string, found nothing (fields seen: ${twelve}, and more)`,
    ]);
  });

  test('names no members if the whole, or an entry of a list, is of the wrong kind', () => {
    expect(sentences(z.array(z.string()), { error: 'x' })).toEqual(['the whole: expected array, found object']);
    expect(sentences(z.array(z.string()), [1])).toEqual(['0: expected string, found number']);
  });
});
