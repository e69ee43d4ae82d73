import { describe, expect, test } from 'vitest';
import { ListedCustomers, listedCustomers } from '../../lambdas/report/listed-customers.ts';
import { agents, customer, tenants } from './sample.ts';

const GUID = '3b6c1f0e-1111-4222-8333-444455556666';
const OTHER = '9a6c1f0e-1111-4222-8333-444455556666';

describe('the customers of a vendor', () => {
  test('are found by id and by alias, in whatever way either is written', () => {
    const listed = new ListedCustomers(tenants, [
      customer(OTHER, {}),
      customer(GUID.toUpperCase(), {}, { aliases: ['contoso.example'] }),
    ]);
    for (const id of [GUID, GUID.toUpperCase(), 'contoso.example']) expect(listed.placesOf(id)).toEqual([1]);
    expect(listed.placesOf(OTHER.toUpperCase())).toEqual([0]);
    expect(listed.placesOf('nobody.example')).toEqual([]);
  });

  test('are each found once, however often and in however many ways they write their id', () => {
    const aliases = [GUID, GUID.toUpperCase(), 'contoso.example', 'contoso.example'];
    const listed = new ListedCustomers(tenants, [customer(GUID.toUpperCase(), {}, { aliases })]);
    for (const id of [GUID, GUID.toUpperCase(), 'contoso.example']) expect(listed.placesOf(id)).toEqual([0]);
  });

  test('are all found that answer to one id, be it written in several ways', () => {
    const listed = new ListedCustomers(tenants, [
      customer(GUID, {}),
      customer(OTHER, {}),
      customer('x', {}, { aliases: [GUID.toUpperCase()] }),
    ]);
    for (const id of [GUID, GUID.toUpperCase()]) expect(listed.placesOf(id)).toEqual([0, 2]);
  });

  test('are put in order once, and again for an entry that compares ids in another form', () => {
    const customers = [customer(GUID.toUpperCase(), {})];
    const listed = listedCustomers(tenants, customers);
    expect(listedCustomers(tenants, customers)).toBe(listed);
    expect(listed.placesOf(GUID)).toEqual([0]);
    expect(listedCustomers(agents, customers).placesOf(GUID)).toEqual([]);
  });
});
