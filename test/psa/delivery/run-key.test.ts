import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mentions, runKey, shortKey } from '../../../lambdas/psa/delivery/run-key.ts';

const RUN = {
  runId: '20261122T063000Z',
  managingOrganization: { id: 'northwind-msp' },
  organizations: ['contoso', 'northwind-msp'],
  integrations: ['duo', 'huntress'],
  companyId: '250',
};
const keyOf = (runId: string, longest?: number) => runKey({ ...RUN, runId }, longest);

test('ordinary ids can be read in the key', () => {
  expect(runKey(RUN)).toMatch(/^billing-count:northwind-msp:20261122T063000Z-[0-9a-f]{16}$/u);
});

test('a key keeps the characters and the length that PSAs take', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 32, max: 100 }), (runId, longest) => {
      expect(keyOf(runId, longest)).toMatch(/^[A-Za-z0-9:._-]+$/u);
      expect(keyOf(runId, longest).length).toBeLessThanOrEqual(longest);
    }),
  );
});

test('two runs never share a key, however long or odd their ids', () => {
  const long = 'x'.repeat(200);
  const ids = ['a b', 'a_b', 'a/b', long, `${long}1`, `${long}2`];
  expect(new Set(ids.map((id) => keyOf(id))).size).toBe(ids.length);
});

test('one run id of two managing organizations, of two configurations of one, or for two companies makes two keys', () => {
  const keys = [
    RUN,
    { ...RUN, managingOrganization: { id: 'southwind-msp' } },
    { ...RUN, organizations: ['fabrikam', 'northwind-msp'] },
    { ...RUN, integrations: ['duo'] },
    { ...RUN, companyId: '251' },
  ].map((run) => runKey(run));
  expect(new Set(keys).size).toBe(keys.length);
  expect(runKey({ ...RUN, organizations: [...RUN.organizations].reverse(), companyId: 250 })).toBe(keys[0]);
});

test('a key is mentioned only if it is complete', () => {
  const key = 'billing-count:2026-1';
  expect(mentions(`<p>Run key: ${key}</p>`, key)).toBe(true);
  expect(mentions(`${key}\n`, key)).toBe(true);
  expect(mentions(`${key}1 and x-${key}`, key)).toBe(false);
  expect(mentions(`${key}1 then ${key}`, key)).toBe(true);
  expect(mentions('', key)).toBe(false);
});

test('a key for a shorter field keeps to its length, and two keys never become one', () => {
  const long = `billing-count:${'x'.repeat(70)}`;
  const keys = ['billing-count:a', long, `${long}1`, `${long}2`];
  const short = keys.map((key) => shortKey(key, 32));
  expect(short[0]).toBe('billing-count:a');
  expect(short.every((key) => key.length <= 32)).toBe(true);
  expect(new Set(short).size).toBe(keys.length);
});
