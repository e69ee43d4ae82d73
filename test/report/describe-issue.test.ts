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
  test('names path, what is expected, what was found and the members beside it', () => {
    expect(faultsOf({ ident: 'x', size: '1', kind: 'a', list: ['x'] })).toEqual([
      'id: expected string, found nothing (members seen: ident, size, kind, list)',
      'size: expected number, found string (members seen: ident, size, kind, list)',
      'unknown member "ident"',
    ]);
  });

  test('says bounds, choices and unions', () => {
    expect(faultsOf({ id: '', size: 10, kind: 'c', list: [null] })).toEqual([
      'id: must be at least 2 characters long',
      'size: must be at most 9',
      'kind: expected "a" or "b", found string',
      'list.0: expected string or number, found null',
    ]);
    expect(faultsOf({ id: 'id', size: 1, kind: 'a', list: [] })).toEqual(['list: must be at least 1 entry long']);
  });

  test('never quotes a value, which may be a secret', () => {
    expect(faultsOf({ id: 5, size: 'hunter2', kind: 'hunter2', list: 'hunter2' }).join()).not.toContain('hunter2');
  });

  test('tells the whole where the whole is at fault', () => {
    expect(faultsOf(null)).toEqual(['the whole: expected object, found null']);
  });
});
