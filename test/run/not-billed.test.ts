import { expect, test } from 'vitest';
import type { ReconciliationRow } from '../../lambdas/billing/reconciliation.ts';
import { notBilledSeats } from '../../lambdas/run/not-billed.ts';
import { termRows } from '../../lambdas/terms/terms.ts';
import { compared, line, service, side, W, workstations } from '../billing/sample.ts';
import { company } from '../report/sample.ts';

const SERVICES = [{ id: 'edr', counts: [W, 'Shop Licence'] }];

/** What company a is compared to have and to be billed, with a rule or nothing. */
const rowsOf = (counted: number, billed: number, more: Record<string, unknown> = {}): ReconciliationRow[] =>
  compared({
    organizations: [company('a', { agents: ['1'], 'connectwise-psa': ['251'] })],
    outcomes: [workstations({ 1: counted })],
    sides: [side([line('7001', '251', 'EDR', billed)])],
    billing: service(more),
  }).rows;

/** Seats billed to nobody, for each of the company's subscriptions of this many seats. */
function seatsOf(rows: ReconciliationRow[], quantities: number[], services = SERVICES): number[] {
  const terms = termRows(
    [
      {
        ...{ integration: 'shop', name: 'Shop' },
        subscriptions: quantities.map((quantity, index) => ({
          ...{ customer: '5', id: `s${index}`, product: 'Licence', column: W, seller: 'distributor', joins: [] },
          quantity,
        })),
        ownerOf: () => ({ customer: 'Five', company: { id: 'a', name: 'A' } }),
      },
    ],
    '2026-11-22',
  );
  return terms.map(notBilledSeats({ rows }, services)(terms));
}

test('the seats of a subscription that no customer is billed for are what is counted beyond what is billed', () => {
  expect(seatsOf(rowsOf(12, 9), [12])).toEqual([3]);
  expect(seatsOf(rowsOf(12, 15), [12])).toEqual([0]);
});

test.each([
  { what: 'other units count for the service too', seats: seatsOf(rowsOf(12, 9), [10]) },
  { what: 'there are two subscriptions', seats: seatsOf(rowsOf(12, 9), [6, 6]) },
  { what: 'a rule changes the count', seats: seatsOf(rowsOf(12, 9, { rule: { per: 2 } }), [12]) },
  { what: 'two services count it', seats: seatsOf(rowsOf(12, 9), [12], [...SERVICES, { id: 'x', counts: [W] }]) },
])('none is certain if $what', ({ seats }) => {
  expect(seats.every((count) => count === 0)).toBe(true);
});
