import { expect, test } from 'vitest';
import { type Choice, chooseOr, refusedMember, refusedSetting } from '../../../lambdas/psa/delivery/choose.ts';

const boards = [
  { id: 4, name: 'Billing' },
  { id: 1, name: 'Help Desk' },
  { id: 7, name: 'Projects' },
  { id: 8, name: 'projects ' },
  { id: 9, name: '1' },
];
const choose = (wanted: string | number, choices: readonly Choice[]) =>
  chooseOr((what) => refusedMember('Acme PSA', 'board', what), wanted, choices);
const pick = (wanted: string | number) => choose(wanted, boards).id;

test('a name is found whatever its case and outer spaces, an id as number or text', () => {
  expect([pick(' billing'), pick(4), pick('4')]).toEqual([4, 4, 4]);
});

test('a name comes before an id of the same text', () => {
  expect(pick('1')).toBe(9);
});

test('an unknown name lists the valid ones', () => {
  expect(() => pick('toString')).toThrow(
    'report.json: delivery.psa.ticket.board: in Acme PSA there is no "toString"; there are "Billing" (4), "Help Desk" (1)',
  );
});

test('a name that means several asks for the id', () => {
  expect(() => pick('Projects')).toThrow(
    /matches several, give the id; there are "Projects" \(7\), "projects " \(8\)/u,
  );
});

test('a long list is cut, and an empty one is reported', () => {
  const many = Array.from({ length: 50 }, (_, id) => ({ id, name: `Board ${id}` }));
  expect(() => choose('x', many)).toThrow(/"Board 39" \(39\), and 10 more/u);
  expect(() => choose('x', [])).toThrow('none that these credentials may see');
});

test('a setting of the PSA itself is refused at its place', () => {
  const psa = { id: 'acme', name: 'Acme PSA' };
  expect(() => chooseOr((what) => refusedSetting(psa, 'audience', what), 'x', boards.slice(0, 1))).toThrow(
    'report.json: integrations.acme.audience: in Acme PSA there is no "x"; there is "Billing" (4)',
  );
});
