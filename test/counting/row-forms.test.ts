import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { figure, formsOf, itself, owner, Unread, usual, withWritten } from '../../lambdas/counting/row-forms.ts';

describe('the marks of a row', () => {
  it('say where its customer is, and which fields hardly every row lacks, wherever they lie', () => {
    const company = z.object({ name: z.string(), id: owner(z.int()), kind: usual(z.string(), 'kinds cannot be told') });
    for (const nested of [
      company,
      z.optional(z.nullable(company)),
      z.pipe(
        z.transform((given) => given),
        company,
      ),
    ]) {
      const { customer, usual: fields } = formsOf(z.object({ id: z.int(), company: nested }));
      expect([customer?.part, customer?.path]).toEqual(['owner', ['company', 'id']]);
      expect(fields).toEqual([{ path: ['company', 'kind'], meaning: 'kinds cannot be told' }]);
    }
  });

  it('name the first of two customers', () => {
    const { customer } = formsOf(z.object({ site: itself(z.string()), parent: owner(z.string()) }));
    expect([customer?.part, customer?.path]).toEqual(['itself', ['site']]);
  });

  it('are of that row alone: the same form elsewhere has none', () => {
    const id = z.int();
    formsOf(z.object({ id: owner(id) }));
    expect(formsOf(z.object({ id }))).toEqual({ customer: undefined, usual: [] });
    expect(formsOf(z.record(z.string(), z.unknown()))).toEqual({ customer: undefined, usual: [] });
  });
});

describe('a figure', () => {
  it('that is not as declared is unread, with its faults', () => {
    const seats = figure(z.int());
    expect(seats.parse(4)).toBe(4);
    const unread = seats.parse('many');
    expect(unread).toMatchObject({ reason: 'it could not be read', issues: [{ code: 'invalid_type' }] });
  });

  it('that is unread already stays so', () => {
    const unread = new Unread([]);
    expect(figure(z.int()).parse(unread)).toBe(unread);
  });
});

it('an id that is compared in lower case stays next to it as it was written', () => {
  const lower = z.pipe(
    z.string(),
    z.transform((id) => id.toLowerCase()),
  );
  const row = withWritten('uid', { uid: lower });
  expect(row.parse({ uid: 'AB', more: 1 })).toEqual({ uid: 'ab', written: 'AB' });
  for (const odd of [null, 'AB', { uid: 7 }]) expect(row.safeParse(odd).success).toBe(false);
});
