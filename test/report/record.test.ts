import { expect, test } from 'vitest';
import { isRecord, memberOf, ownMember } from '../../lambdas/report/record.ts';

test('a record is a JSON object: neither null, nor a list, nor a text or number', () => {
  expect([{}, { a: 1 }].map(isRecord)).toEqual([true, true]);
  const others = [null, [], 'text', 1, true, undefined];
  expect(others.map(isRecord)).toEqual(others.map(() => false));
});

test('a member is one that the record itself has, not what every object inherits', () => {
  expect(ownMember({ a: 1 }, 'a')).toBe(1);
  expect(ownMember({ a: 1 }, 'constructor')).toBeUndefined();
  expect(memberOf({ a: 1 }, 'a')).toBe(1);
  expect(memberOf({ a: 1 }, 'constructor')).toBeUndefined();
});

test('what is not an object has no fields', () => {
  for (const value of [null, undefined, 1, 'text']) expect(memberOf(value, 'length')).toBeUndefined();
});
