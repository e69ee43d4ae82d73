import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repeatedMember } from '../../lambdas/platform/repeated-member.ts';

test('a repeated field is found by its path', () => {
  expect(repeatedMember('{"a": 1, "b": {}, "a": 2}')).toBe('a');
  expect(repeatedMember('{"list": [{"x": 1}, {"ids": {"duo": "1", "d\\u0075o": "2"}}]}')).toBe('list.1.ids.duo');
  expect(repeatedMember('[[], {"a": ":{", "a": null}]')).toBe('1.a');
});

test('the same name in another object, and a text that looks like a field, are not repeated', () => {
  expect(repeatedMember('{"a": {"a": "a\\": {"}, "b": ["a", "a"], "c": [{"a": 1}, {"a": 1}]}')).toBeUndefined();
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(repeatedMember(JSON.stringify(value))).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});
