import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { aside, figure } from '../../lambdas/counting/row-forms.ts';
import { lookedAt, lookedAtAndNames, mark } from '../../lambdas/wire/looked-at.ts';

const row = z.object({
  id: z.int(),
  name: aside(z.string()),
  seats: figure(z.nullable(z.int())),
  owner: z.optional(z.nullable(z.object({ id: z.string() }))),
  tags: aside(z.array(z.object({ name: z.string() }))),
  day: z.pipe(
    z.string(),
    z.transform((text) => text.slice(0, 10)),
  ),
});

const raw = {
  id: 7,
  token: 'must-go-no-further',
  owner: { id: 'a', phone: '0' },
  tags: [{ name: 'x', colour: 'red' }],
  day: '2026-11-22T06:30:00Z',
  seats: 'many',
};

it('what a form looks at is its members, those of objects and lists in it too', () => {
  expect(lookedAt(row, raw)).toEqual({
    id: 7,
    owner: { id: 'a' },
    tags: [{ name: 'x' }],
    day: '2026-11-22T06:30:00Z',
    seats: 'many',
  });
});

it('the rest keeps its names and kinds if a message may list them, and no value', () => {
  const named = { ...raw, more: { deep: [1], flag: true, count: 5, none: null } };
  expect(lookedAtAndNames(row, named)).toEqual({
    ...{ ...raw, token: '', owner: { id: 'a', phone: '' }, tags: [{ name: 'x', colour: '' }] },
    more: { deep: [], flag: false, count: 0, none: null },
  });
});

it('a member of another kind than its form takes no value along', () => {
  expect(lookedAt(row, { ...raw, owner: 'must-go-no-further', tags: { a: 'must-go-no-further' } })).toMatchObject({
    owner: '',
    tags: { a: '' },
  });
});

it.each([
  ['any member is looked at', z.record(z.string(), z.unknown())],
  ['further members are taken', z.looseObject({ id: z.int() })],
  ['further members are refused', z.strictObject({ id: z.int() })],
  [
    'the whole is made into something else first',
    z.pipe(
      z.transform((value) => value),
      z.object({ id: z.int() }),
    ),
  ],
  ['nothing is said of it', z.unknown()],
])('all of it is looked at where %s', (_, form) => {
  expect(lookedAt(form, raw)).toEqual(raw);
});

describe('the part that is looked at', () => {
  it('reads as the whole does, whatever that holds', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({ id: fc.jsonValue() }),
      fc.array(fc.record({ name: fc.string() })),
    );
    const record = fc.record(
      {
        id: fc.oneof(fc.integer(), value),
        name: value,
        seats: value,
        owner: value,
        tags: value,
        day: fc.string(),
        more: value,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(record, fc.jsonValue()), (whole) => {
        const issues = (given: unknown) => z.safeParse(row, given).error?.issues.map(({ path, code }) => [path, code]);
        for (const part of [lookedAt(row, whole), lookedAtAndNames(row, whole)]) {
          expect(JSON.stringify(z.safeParse(row, part).data)).toBe(JSON.stringify(z.safeParse(row, whole).data));
          expect(issues(part)).toEqual(issues(whole));
        }
      }),
    );
  });
});

it('forms that look at other members have other marks', () => {
  expect(mark(row)).toBe(mark(z.object({ ...row.shape })));
  const { name: _, ...fewer } = row.shape;
  expect(mark(z.object(fewer))).not.toBe(mark(row));
  expect(mark(z.object({ ...row.shape, owner: z.object({ name: z.string() }) }))).not.toBe(mark(row));
});
