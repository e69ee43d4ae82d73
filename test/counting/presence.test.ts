import { expect, it } from 'vitest';
import { Presence } from '../../lambdas/counting/presence.ts';

const notes = (rows: Record<string, unknown>[]) => {
  const presence = new Presence({ isTrial: 'trials are counted too', toString: 'nothing' });
  for (const row of rows) presence.see(row);
  return [...presence.notes('subscriptions')].map((fact) => (fact.fact === 'note' ? fact.note : fact.fact));
};

it('a member that some row has is no matter, whatever it says', () => {
  expect(notes([{}, { isTrial: false, toString: 1 }])).toEqual([]);
});

it('a member that no row has is told, with what that means', () => {
  expect(
    notes([
      { is_trial: true, toString: 1 },
      { isTrial: null, toString: 1 },
    ]),
  ).toEqual(['none of 2 subscriptions has "isTrial": trials are counted too']);
});

it('what every object inherits is no member', () => {
  expect(notes([{ isTrial: true }])).toEqual(['none of 1 subscriptions has "toString": nothing']);
});

it('nothing is told of a list without rows', () => {
  expect(notes([])).toEqual([]);
});
