import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Fact } from '../../lambdas/counting/facts.ts';
import type { GuessedRow } from '../../lambdas/counting/guessed-row.ts';
import {
  customerNamed,
  type SubscriptionRules,
  seatsOf,
  subscriptionRules,
} from '../../lambdas/counting/subscriptions.ts';

const products = { prefix: 'Shop', definition: 'seats of live subscriptions' };
const members = {
  product: ['productName', 'offer'],
  sku: ['sku'],
  quantity: ['quantity', 'seats'],
  state: ['status'],
  trial: ['isTrial'],
};

const read = (rows: GuessedRow[], more: Partial<SubscriptionRules> = {}): Fact[] => {
  const rules = { ...z.object(subscriptionRules).parse({}), members, ...more };
  return [...seatsOf('c1', rows, products, rules, 'Shop subscriptions of c1')];
};

const row = (more: GuessedRow = {}): GuessedRow => ({ productName: 'Backup', quantity: 5, status: 'Active', ...more });

const counts = (facts: readonly Fact[]) =>
  facts.flatMap((fact) => (fact.fact === 'count' ? [[fact.customer, fact.column, fact.value]] : []));
const notes = (facts: readonly Fact[]) => facts.flatMap((fact) => (fact.fact === 'note' ? [fact.note] : []));
const gaps = (facts: readonly Fact[]) => facts.flatMap((fact) => (fact.fact === 'gap' ? [fact] : []));

describe('the seats of a live subscription', () => {
  it('are counted under the product’s column, which they bring along', () => {
    expect(read([row(), row({ quantity: '2' })])).toEqual([
      {
        fact: 'product',
        column: { title: 'Shop Backup', type: 'number', appears: 'product', definition: products.definition },
      },
      { fact: 'count', customer: 'c1', column: 'Shop Backup', value: 5 },
      expect.objectContaining({ fact: 'product' }),
      { fact: 'count', customer: 'c1', column: 'Shop Backup', value: 2 },
    ]);
  });

  it('stand under the SKU where the product has no name', () => {
    expect(counts(read([row({ productName: null, sku: 'SKU-7' })]))).toEqual([['c1', 'Shop SKU-7', 5]]);
  });

  it('carry the unit behind the name where the vendor says what it counts', () => {
    const units = { members: { ...members, unit: ['unit'] } };
    expect(counts(read([row({ unit: 'GB' }), row()], units))).toEqual([
      ['c1', 'Shop Backup (GB)', 5],
      ['c1', 'Shop Backup', 5],
    ]);
  });

  it('of 0 bring no column', () => {
    expect(read([row({ quantity: 0 })])).toEqual([]);
  });

  it('that one row alone does not tell leave that product’s cell open, and say what to do', () => {
    const facts = read([row(), row({ productName: 'Metered', quantity: undefined })]);
    expect(counts(facts)).toContainEqual(['c1', 'Shop Backup', 5]);
    expect(gaps(facts)).toMatchObject([
      {
        column: 'Shop Metered',
        gap: { state: 'failed', reason: expect.stringMatching(/usageProducts .* members\.quantity$/u) },
      },
    ]);
  });

  it('that are not told are an error naming the members seen, not 0', () => {
    expect(() => read([row({ quantity: undefined })])).toThrow(/Shop subscriptions of c1.*quantity or seats/u);
    expect(() => read([row({ productName: '' })])).toThrow(/productName or offer or sku/u);
  });
});

describe('the state of a subscription', () => {
  it.each(['Inactive', 'CANCELLED', 'suspended', 'Expired', 'disabled', 'deleted', 'Terminated', 'pending', 'Failed'])(
    '%s: it is not counted',
    (status) => {
      expect(read([row({ status })])).toEqual([]);
    },
  );

  it.each(['active', 'ACTIVE', 'Active (renewing)'])('%s: it is counted', (status) => {
    expect(counts(read([row({ status })]))).toHaveLength(1);
  });

  it('that no rule knows leaves the product’s cell open, whatever else is counted there', () => {
    const facts = read([row(), row({ status: 'Hibernating' })]);
    expect(gaps(facts)).toEqual([
      {
        fact: 'gap',
        customer: 'c1',
        column: 'Shop Backup',
        gap: { state: 'failed', reason: expect.stringContaining('add it to liveStates or endedStates') },
      },
    ]);
    expect(counts(facts)).toContainEqual(['c1', 'Shop Backup', 0]);
  });

  it('that no rule knows leaves the cell of its unit open', () => {
    const units = { members: { ...members, unit: ['unit'] } };
    expect(gaps(read([row({ status: 'Hibernating', unit: 'GB' })], units))).toMatchObject([
      { column: 'Shop Backup (GB)' },
    ]);
  });

  it('may be told in the words of the configuration', () => {
    const words = { liveStates: ['Hibernating'], endedStates: ['Active'] };
    expect(counts(read([row({ status: 'hibernating' }), row({ status: 'active' })], words))).toHaveLength(1);
  });

  it('that some rows have and one lacks leaves that one’s cell open', () => {
    const facts = read([row(), row({ productName: 'Mail', status: undefined })]);
    expect(gaps(facts)).toMatchObject([{ column: 'Shop Mail' }]);
    expect(notes(facts)).toEqual([]);
  });

  it('that no row has is remarked on, and all are counted', () => {
    const facts = read([row({ status: undefined }), row({ status: null })]);
    expect(notes(facts)).toEqual(['there are subscriptions without a state: they were counted']);
    expect(counts(facts)).toHaveLength(2);
  });

  it('of no row at all needs no remark', () => {
    expect(read([])).toEqual([]);
  });
});

describe('a trial', () => {
  const TRIALS: GuessedRow[] = [
    { isTrial: true },
    { isTrial: 'True' },
    { isTrial: 1 },
    { isTrial: '1' },
    { productName: 'Backup (Trial)' },
  ];

  it.each(TRIALS)('%j is left out, unless the configuration says otherwise', (more) => {
    expect(counts(read([row(more)]))).toEqual([]);
    expect(counts(read([row(more)], { includeTrials: true }))).toHaveLength(1);
  });

  it('may be a state: it is left out, and counted where trials are wanted', () => {
    for (const status of ['Trial', 'FREE_TRIAL', 'Active trial']) {
      expect(read([row({ status })])).toEqual([]);
      expect(counts(read([row({ status })], { includeTrials: true }))).toEqual([['c1', 'Shop Backup', 5]]);
    }
    expect(read([row({ status: 'Trial expired' })], { includeTrials: true })).toEqual([]);
  });

  it.each([
    ...[{ isTrial: false }, { isTrial: 0 }, { isTrial: null }, { isTrial: '10' }, { isTrial: 'untrue' }, {}],
    { productName: 'Industrial Trialling' },
  ])('is not seen in %j', (more) => {
    expect(counts(read([row(more)]))).toHaveLength(1);
  });
});

describe('a product priced by usage', () => {
  it.each(['Azure Plan', 'microsoft azure', 'Contoso Azure plan', 'Pay-as-you-go compute', 'Pay as you go'])(
    '%s has no seats, whatever its quantity: it is named, not counted',
    (productName) => {
      const facts = read([row({ productName, quantity: 1 })]);
      expect(counts(facts)).toEqual([]);
      expect(notes(facts)).toEqual([`${productName} is priced by usage: left out`]);
    },
  );

  it.each(['Azure Virtual Desktop', 'Data usage', 'Consumption credits'])(
    '%s is one where it has no quantity, and has seats where it has one',
    (productName) => {
      expect(counts(read([row({ productName, quantity: undefined })]))).toEqual([]);
      expect(counts(read([row({ productName })]))).toHaveLength(1);
    },
  );

  it('may be named in the configuration', () => {
    const both = [row(), row({ productName: 'Backup Pro' })];
    expect(counts(read(both, { usageProducts: ['BACKUP'] }))).toEqual([['c1', 'Shop Backup Pro', 5]]);
  });

  it.each(['Microsoft Azure Support', 'Not Microsoft Azure', 'Azure Planner'])('is not %s', (productName) => {
    expect(counts(read([row({ productName })]))).toEqual([['c1', `Shop ${productName}`, 5]]);
  });

  it('is known by its name with blanks around it', () => {
    expect(counts(read([row({ productName: ' Microsoft Azure ' })]))).toEqual([]);
  });

  it('that has ended is not even named', () => {
    expect(read([row({ productName: 'Azure Plan', status: 'expired' })])).toEqual([]);
  });
});

describe('a customer', () => {
  it('goes by its name, or by its id with a remark that names the members seen', () => {
    expect([...customerNamed('7', { no: 7, title: 'Contoso' }, ['name', 'title'], 'members.name')]).toMatchObject([
      { fact: 'customer', id: '7', name: 'Contoso' },
    ]);
    expect([...customerNamed('7', { no: 7, state: 'live' }, ['name', 'title'], 'members.name')]).toMatchObject([
      { fact: 'customer', id: '7', name: '7' },
      {
        fact: 'note',
        note: 'a customer has no name or title (members seen: no, state); if it has another name, say so as members.name',
      },
    ]);
  });
});
