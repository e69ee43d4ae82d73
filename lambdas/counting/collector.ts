import * as z from 'zod/mini';
import type { CellGap, CustomerIdentity } from '../report/collection.ts';
import { type Column, productTitle } from '../report/column.ts';
import { failureOf, ReportError } from '../report/errors.ts';
import type { ApiDeclaration } from '../wire/request.ts';
import { type Members, readSettings } from '../wire/settings.ts';
import type { Fact, Piece } from './facts.ts';
import type { RunContext } from './run-context.ts';
import type { Products } from './seats.ts';
import type { Collector } from './vendor.ts';
import type { VendorApi } from './vendor-api.ts';

/*
 * The older way to declare a vendor, for those that are not yet told in the vocabulary of vendor.ts.
 */

export { anyId, digits, guid, guidAsWritten } from './ids.ts';
export type { RunContext, SecretLock } from './run-context.ts';
export type { Products } from './seats.ts';
export type { Collector } from './vendor.ts';

/** A vendor, told once. `S` is the secret's shape, `C` the configuration's; the functions see both as `settings`. */
export type Declaration<S extends Members, C extends Members> = {
  /** Integration id: also the secret's name and the member in report.json. */
  id: string;
  /** Name in logs and Data Quality. */
  name: string;
  /** Place of its columns in the report; lower stands further left. */
  position: number;
  /** What organizations.json holds for this vendor: its name, and its form, which also normalises it. */
  customerId: { name: string; schema: z.ZodMiniType<string> };
  secret: S;
  configuration: C;
  /**
   * Where the credentials do not last by themselves, so that they are used every week whatever the report's schedule: `rotate`
   * when use brings new ones, which are stored; `end` when they carry a date on which they end.
   */
  credentials?: 'rotate' | 'end';
  /** Fixed columns, in order. */
  columns: readonly Column[];
  /** Columns named by the data: their prefix and what they count. */
  products?: Products;
  /** What the members must be together; each fault in a sentence that names the member. */
  check?: (settings: z.output<S> & z.output<C>) => string[];
  /** What to do at the vendor before the first run, for the documentation. */
  setup: { create: string; rights: string };
  api: (settings: z.output<S> & z.output<C>, run: RunContext) => ApiDeclaration;
  collect: (api: VendorApi, settings: z.output<S> & z.output<C>, run: RunContext) => AsyncIterable<Fact | Piece>;
};

/** Declares a collector; the types of `settings` follow from its schemas. */
export function collector<S extends Members, C extends Members>(declaration: Declaration<S, C>): Collector {
  const { api, collect, check, ...told } = declaration;
  return {
    ...told,
    open(given, run) {
      const settings = readSettings(declaration, given);
      const faults = check?.(settings) ?? [];
      if (faults.length > 0) {
        const told = faults.map((fault) => `${declaration.id}: ${fault}`).join('\n');
        throw new ReportError('ConfigurationError', told, { wide: true });
      }
      return { api: api(settings, run), collect: (opened) => collect(opened, settings, run), rights: [] };
    },
  };
}

/** No configuration of its own. */
export const noConfiguration = z.strictObject({});

/** A customer that the vendor lists. From now on everything not counted for it is a true 0. */
export const customer = (id: string | number, name: string, aliases: (string | number)[] = []): Fact => ({
  fact: 'customer',
  id: String(id),
  name,
  aliases: aliases.map(String),
});

/** What a row says of who the customer is: mail domains, ids elsewhere, what the MSP typed in. For the mapping; nothing is counted. */
export const identity = (customerId: string | number, known: CustomerIdentity): Fact => ({
  fact: 'identity',
  customer: String(customerId),
  identity: known,
});

/** Adds `value` to a customer's column. With `key`, the same key counts once. */
export const count = (customerId: string | number, column: string, value = 1, key?: string | number): Fact => ({
  fact: 'count',
  customer: String(customerId),
  column,
  value,
  ...(key === undefined ? {} : { key: String(key) }),
});

/** A text for a customer's column; several different ones are joined. */
export const words = (customerId: string | number, column: string, value: string): Fact => ({
  fact: 'text',
  customer: String(customerId),
  column,
  value,
});

/** One cell that stays blank, and why. */
export const gap = (customerId: string | number, column: string, state: CellGap['state'], reason: string): Fact => ({
  fact: 'gap',
  customer: String(customerId),
  column,
  gap: { state, reason },
});

/** A listed customer that the definition leaves out. */
export const excluded = (customerId: string | number, reason: string): Fact => ({
  fact: 'excluded',
  customer: String(customerId),
  reason,
});

/** A listed customer whose numbers could not be read, for the reason that `error` gives. */
export const failed = (customerId: string | number, error: unknown): Fact => ({
  fact: 'failed',
  customer: String(customerId),
  failure: failureOf(error),
});

/** A remark: on one customer's numbers, or on the whole collection. */
export const note = (sentence: string, customerId?: string | number): Fact => ({
  fact: 'note',
  note: sentence,
  ...(customerId === undefined ? {} : { customer: String(customerId) }),
});

/**
 * Adds `quantity` of a product, under a column that its name brings along. `suffix` stands behind the name. Fewer than none cannot
 * be: that customer's cell stays open.
 */
export function* product(
  { prefix, definition }: Products,
  customerId: string | number,
  name: string,
  quantity: number,
  suffix = '',
): Generator<Fact> {
  const title = `${productTitle(prefix, name)}${suffix}`;
  yield { fact: 'product', column: { title, type: 'number', appears: 'product', definition } };
  if (quantity >= 0) yield count(customerId, title, quantity);
  else yield gap(customerId, title, 'failed', `the vendor says ${quantity} of ${name}`);
}

/** A customer's cell of a product that stays blank because its number could not be read; the column stands all the same. */
export function* productGap(
  { prefix, definition }: Products,
  customerId: string | number,
  name: string,
  reason: string,
): Generator<Fact> {
  const title = productTitle(prefix, name);
  yield { fact: 'product', column: { title, type: 'number', appears: 'product', definition } };
  yield gap(customerId, title, 'failed', reason);
}
