import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import {
  anyId,
  collector,
  count,
  customer,
  digits,
  gap,
  guid,
  guidAsWritten,
  noConfiguration,
  note,
  product,
  productGap,
  type RunContext,
  words,
} from '../../lambdas/counting/collector.ts';
import { anonymous } from '../../lambdas/wire/auth.ts';

const GUID = '3B6C1F0E-1111-4222-8333-44445555ABCD';

describe('a customer id', () => {
  it('may be written as text or number', () => {
    expect([anyId.parse('a-1'), anyId.parse(12)]).toEqual(['a-1', '12']);
    expect([digits.parse('0012'), digits.parse(12)]).toEqual(['0012', '12']);
  });

  it('that is a guid is the same in upper and lower case, and can be had as it was written', () => {
    expect(guid.parse(GUID)).toBe(GUID.toLowerCase());
    expect(guidAsWritten.parse(GUID)).toBe(GUID);
  });

  it.each(['', 'x', GUID.slice(1), `${GUID}0`, `x${GUID}`, `{${GUID}}`, GUID.replace('B', 'G'), GUID.replace('-', '')])(
    '%j is no guid',
    (value) => {
      expect(guid.safeParse(value).error?.issues[0]?.message).toContain('expected a guid');
    },
  );

  it.each(['', '1a', 'a1', ' 1', '-1', '1.5', 1.5, -1, null])('%j is no id of digits', (value) => {
    expect(digits.safeParse(value).success).toBe(false);
  });

  it('of digits says so where it is refused', () => {
    expect(digits.safeParse('1a').error?.issues[0]?.message).toBe('expected digits only');
  });
});

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

  it('brings a product’s column along, counted or blank, under one title', () => {
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
    expect([...productGap(products, 7, 'Mail', 'no quantity')]).toEqual([
      { fact: 'product', column },
      { fact: 'gap', customer: '7', column: 'Shop Mail', gap: { state: 'failed', reason: 'no quantity' } },
    ]);
  });
});

describe('a declared collector', () => {
  const acme = (check?: () => string[]) =>
    collector({
      id: 'acme',
      name: 'Acme',
      position: 1,
      customerId: { name: 'customer id', schema: anyId },
      secret: z.strictObject({ apiKey: z.string() }),
      configuration: noConfiguration,
      columns: [],
      setup: { create: 'a key', rights: 'read' },
      ...(check === undefined ? {} : { check }),
      api: ({ apiKey }) => ({ name: apiKey, base: 'https://acme.example', auth: anonymous, limit: { concurrency: 1 } }),
      collect: async function* () {},
    });
  const context: RunContext = {
    asOf: '2026-11-22T06:30:00Z',
    timeZone: 'UTC',
    mapped: [],
    keepSecret: async () => {},
    lockSecret: () => Promise.reject(new Error('nothing to lock')),
  };
  const given = { secret: { apiKey: 'k' }, configuration: {} };

  it('is opened with its settings', () => {
    expect(acme().open(given, context).api.name).toBe('k');
    expect(acme(() => []).open(given, context).api.name).toBe('k');
  });

  it('is not opened where its members do not fit together: each fault is told, with the integration', () => {
    const faulty = () => acme(() => ['region or baseUrl', 'clientId']).open(given, context);
    expect(faulty).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        wide: true,
        message: 'acme: region or baseUrl\nacme: clientId',
      }),
    );
  });
});
