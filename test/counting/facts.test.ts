import { describe, expect, it } from 'vitest';
import { count, customer, gap, note, product, words } from '../../lambdas/counting/facts.ts';

describe('what a collector says', () => {
  it('names customers by text, however the vendor writes its ids', () => {
    expect(customer(7, 'Contoso', [8, 'x'])).toEqual({
      fact: 'customer',
      id: '7',
      name: 'Contoso',
      aliases: ['8', 'x'],
    });
    expect(customer('7', 'Contoso')).toMatchObject({ aliases: [] });
    expect(words(7, 'Plan', 'Pro')).toEqual({ fact: 'text', customer: '7', column: 'Plan', value: 'Pro' });
    expect(gap(7, 'Seats', 'failed', 'gone')).toMatchObject({
      customer: '7',
      gap: { state: 'failed', reason: 'gone' },
    });
  });

  it('counts one where no number is said; a key of 0 is a key', () => {
    expect(count(7, 'Seats')).toEqual({ fact: 'count', customer: '7', column: 'Seats', value: 1 });
    expect(count(7, 'Seats', 2, 0)).toMatchObject({ value: 2, key: '0' });
  });

  it('remarks on the whole or on one customer', () => {
    expect(note('x')).toEqual({ fact: 'note', note: 'x' });
    expect(note('x', 0)).toEqual({ fact: 'note', note: 'x', customer: '0' });
  });

  it('brings a product’s column along, under one title', () => {
    const products = { prefix: 'Shop', definition: 'seats' };
    const column = { title: 'Shop Mail', type: 'number', appears: 'product', definition: 'seats' };
    expect([...product(products, 7, 'Mail', 3)]).toEqual([
      { fact: 'product', column },
      { fact: 'count', customer: '7', column: 'Shop Mail', value: 3 },
    ]);
    expect([...product(products, 7, 'Mail', 3, ' (GB)')]).toMatchObject([
      { column: { title: 'Shop Mail (GB)' } },
      { column: 'Shop Mail (GB)' },
    ]);
  });
});
