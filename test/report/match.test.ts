import { expect, test } from 'vitest';
import { matchCustomers } from '../../lambdas/report/match.ts';
import { agents, company, customer } from './sample.ts';

test('each company with an id has the customers that are its alone, those that are not, and the ids that lead nowhere', () => {
  const [first, second, third, fourth] = [customer('1', {}), customer('2', {}), customer('3', {}), customer('4', {})];
  const a = company('a', { agents: ['9', '1'] });
  const b = company('b', { agents: ['3', '1', '2'] });
  const rows = [company('none'), a, company('empty', { agents: [] }), b];
  expect(matchCustomers(agents, rows, [fourth, third, second, first])).toEqual({
    companies: [
      { organization: a, place: 1, mapped: [], ambiguous: [first], notFound: ['9'] },
      { organization: b, place: 3, mapped: [second, third], ambiguous: [first], notFound: [] },
    ],
    withoutId: [0],
    unmapped: [fourth],
    ambiguous: [{ customer: first, companies: ['a', 'b'] }],
  });
});
