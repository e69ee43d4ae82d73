import { expect, it } from 'vitest';
import { seatFacts } from '../../lambdas/counting/seats.ts';
import { Tally } from '../../lambdas/counting/tally.ts';
import { customer } from '../facts.ts';

const products = { prefix: 'SHOP', definition: 'seats' };

const of = (quantity: number) => {
  const tally = new Tally();
  for (const fact of [
    customer('1', 'One'),
    ...seatFacts(products, '1', { product: 'A', seats: 2 }),
    ...seatFacts(products, '1', { product: 'A', seats: quantity }),
  ])
    tally.add(fact);
  return tally.result();
};

it('quantities of one product add up, whatever the purchases', () => {
  expect(of(3).customers[0]?.counts).toEqual({ 'SHOP A': 5 });
});

it('a quantity below 0 leaves the cell open: it is neither taken off nor left out', () => {
  const { customers, columns } = of(-3);
  expect(customers[0]?.gaps).toEqual({ 'SHOP A': { state: 'failed', reason: 'the vendor reports -3' } });
  expect(columns.map(({ title }) => title)).toEqual(['SHOP A']);
});
