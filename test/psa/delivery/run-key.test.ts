import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mentions, runKey, shortKey } from '../../../lambdas/psa/delivery/run-key.ts';

test('an ordinary run id stands in the key as it is', () => {
  expect(runKey('20261122T063000Z')).toBe('billing-count:20261122T063000Z');
});

test('a key keeps the characters and the length that PSAs take', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 32, max: 100 }), (runId, longest) => {
      expect(runKey(runId, longest)).toMatch(/^[A-Za-z0-9:._-]+$/u);
      expect(runKey(runId, longest).length).toBeLessThanOrEqual(longest);
    }),
  );
});

test('two runs never share a key, however long or odd their ids', () => {
  const long = 'x'.repeat(200);
  const ids = ['a b', 'a_b', 'a/b', long, `${long}1`, `${long}2`];
  expect(new Set(ids.map((id) => runKey(id))).size).toBe(ids.length);
});

test('a key is mentioned only where it stands whole', () => {
  const key = runKey('2026-1');
  expect(mentions(`<p>Run key: ${key}</p>`, key)).toBe(true);
  expect(mentions(`${key}\n`, key)).toBe(true);
  expect(mentions(`${runKey('2026-11')} and x-${key}`, key)).toBe(false);
  expect(mentions(`${runKey('2026-11')} then ${key}`, key)).toBe(true);
  expect(mentions('', key)).toBe(false);
});

test('a key for a shorter field keeps to its length, and two keys never become one', () => {
  const long = runKey('x'.repeat(70));
  const keys = [runKey('a'), long, `${long}1`, `${long}2`];
  const short = keys.map((key) => shortKey(key, 32));
  expect(short[0]).toBe(runKey('a'));
  expect(short.every((key) => key.length <= 32)).toBe(true);
  expect(new Set(short).size).toBe(keys.length);
});
