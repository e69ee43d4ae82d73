import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { members } from '../../lambdas/report/members.ts';

const messages = (value: unknown): string[] =>
  z.safeParse(members({ url: z.string(), key: z.string() }), value).error?.issues.map(({ message }) => message) ?? [];

test('an unknown field is refused, with all such and the known ones', () => {
  expect(messages({ url: 'u', key: 'k', "k'y": 1, 'a b': 2 })).toEqual([
    'unknown field "k\'y", "a b"; known: url, key',
  ]);
  expect(messages({ url: 'u', key: 'k' })).toEqual([]);
});

test('another fault is not called an unknown field', () => {
  expect(messages({ url: 'u' })).toEqual(['Invalid input']);
  expect(messages('text')).toEqual(['Invalid input']);
});
