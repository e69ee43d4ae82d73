import * as z from 'zod/mini';
import { type Day, isDay, isMonth } from '../report/day.ts';
import { members } from '../report/members.ts';
import { currencyCode } from './billed-csv/settings.ts';
import { decimal, isDecimal, plain } from './decimal.ts';
import type { DecimalText } from './line.ts';

const text = z.string().check(z.regex(/\S/u, 'expected some text'));

/** An exact number: JSON numbers as written, and text for what JSON numbers cannot hold. */
const decimalText = (expected: string, fits: (value: ReturnType<typeof decimal>) => boolean) =>
  z.pipe(
    z.custom<string | number>(
      (value) => (typeof value === 'number' || (typeof value === 'string' && isDecimal(value))) && fits(decimal(value)),
      `expected ${expected}`,
    ),
    z.transform((value): DecimalText => plain(decimal(value))),
  );

const amount = decimalText('a number that is 0 or more', (value) => value.gte(0));
const share = decimalText('a number above 0', (value) => value.gt(0));

const rule = members({
  included: z.optional(amount),
  minimum: z.optional(amount),
  per: z.optional(share),
  round: z.optional(z.enum(['none', 'up', 'down'])),
});

/** A product of the PSA: by its id, or by its code or exact name. */
export type ProductRef = string | { id: string };

const product = z.pipe(
  z.custom<string | { id: string | number }>(isProduct, 'expected a product code, an exact name, or { "id": "…" }'),
  z.transform(
    (reference): ProductRef => (typeof reference === 'string' ? reference.trim() : { id: String(reference.id).trim() }),
  ),
);

function isProduct(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'id') return false;
  const id: unknown = Reflect.get(value, 'id');
  return (typeof id === 'string' && id.trim() !== '') || Number.isSafeInteger(id);
}

const service = members({
  id: text,
  name: text,
  counts: z.array(text).check(z.minLength(1, 'expected at least one column title')),
  products: z.array(product),
  rule: z.optional(rule),
  price: z.optional(members({ amount, currency: currencyCode })),
  notCharged: z.optional(z.enum(['count', 'ignore'])),
});

const EXCEPTION_KINDS = ['spare', 'ignore', 'minimum', 'included', 'fixed'] as const;

/** What was agreed with one company about one service, and until when (inclusive). */
export type Exception = { company: string; service: string; reason: string; owner: string; until: Day } & (
  | { kind: 'ignore' }
  | { kind: Exclude<(typeof EXCEPTION_KINDS)[number], 'ignore'>; value: DecimalText }
);

const exception = z.pipe(
  members({
    company: text,
    service: text,
    kind: z.enum(EXCEPTION_KINDS),
    value: z.optional(amount),
    reason: text,
    owner: text,
    until: z.string().check(z.refine(isDay, 'expected a calendar date, YYYY-MM-DD')),
  }).check(
    z.refine(({ kind, value }) => (kind === 'ignore') === (value === undefined), {
      path: ['value'],
      error: 'expected a number with every kind except "ignore", which takes none',
    }),
  ),
  z.transform(({ kind, value, ...agreed }): Exception => {
    return kind === 'ignore' || value === undefined ? { ...agreed, kind: 'ignore' } : { ...agreed, kind, value };
  }),
);

/** billing.json without its sources, which are read one by one. */
export const billingShape = members({
  source: z.optional(z.unknown()),
  period: z._default(
    z
      .string()
      .check(
        z.refine(
          (value) => value === 'current' || value === 'next' || isMonth(value),
          'expected "current", "next" or a month, YYYY-MM',
        ),
      ),
    'current',
  ),
  services: z.array(service),
  exceptions: z._default(z.array(exception), []),
  /** Written by `npm run services` for people to sort; has no effect. */
  unused: z.optional(
    members({
      products: z.optional(
        z.array(z.union([text, members({ id: z.optional(text), code: z.optional(text), name: z.optional(text) })])),
      ),
      columns: z.optional(z.array(text)),
    }),
  ),
});

export type Service = z.output<typeof service>;
export type Rule = z.output<typeof rule>;
