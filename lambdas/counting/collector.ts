import * as z from 'zod/mini';
import type { CellGap, CustomerIdentity } from '../report/collection.ts';
import { type Column, productTitle } from '../report/column.ts';
import { failureOf, ReportError } from '../report/errors.ts';
import type { ApiDeclaration } from '../wire/request.ts';
import { type Given, type Members, readSettings } from '../wire/settings.ts';
import type { Past } from './plausible.ts';
import type { Fact } from './tally.ts';
import type { Unit, VendorApi } from './vendor-api.ts';

/** What a collector is told of the run. */
export type Occasion = {
  /** ISO 8601: the moment that the report speaks of. */
  asOf: string;
  /** IANA name by which the report's days and months go. */
  timeZone: string;
  /** What the last believed collection amounted to, where there was one. */
  past?: Past | undefined;
  /** Ids that companies have here: how many there are tells whether an empty answer can be true. */
  mapped: readonly string[];
  /** Stores these members of the secret anew, the others as they are (rotating tokens); resolves when it is durable. */
  keepSecret: (members: Record<string, unknown>) => Promise<void>;
  /** Waits until this credential, which is good for one use, is ours alone to use: one holder at a time over all runs. */
  lockSecret: (credential: string) => Promise<SecretLock>;
};

/** The right to use up a credential. A holder that dies loses it when its time is over, and leaves a trace. */
export type SecretLock = {
  /** The secret as it stands now: another run may have replaced it while we waited. */
  secret: unknown;
  /** ISO 8601: when an earlier holder took this lock without ever telling how its use ended; undefined where none did. */
  interrupted: string | undefined;
  /** Ends it: the secret was replaced, the credential was not used, or it is not known whether it was. Never rejects. */
  release: (how: 'replaced' | 'unused' | 'unknown') => Promise<void>;
};

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
  api: (settings: z.output<S> & z.output<C>, occasion: Occasion) => ApiDeclaration;
  collect: (api: VendorApi, settings: z.output<S> & z.output<C>, occasion: Occasion) => AsyncIterable<Fact | Unit>;
};

export type Products = { prefix: string; definition: string };

/** A collection ready to begin: its settings were read, nothing was sent yet. */
export type Opened = { api: ApiDeclaration; collect: (api: VendorApi) => AsyncIterable<Fact | Unit> };

/** A declared vendor as the rest of the house sees it; what its settings look like is its own affair. */
export type Collector = Omit<Declaration<Members, Members>, 'api' | 'collect' | 'check'> & {
  /** Reads the settings. Errors: `ConfigurationError` naming file and member. */
  open(given: Given, occasion: Occasion): Opened;
};

/** Declares a collector; the types of `settings` follow from its schemas. */
export function collector<S extends Members, C extends Members>(declaration: Declaration<S, C>): Collector {
  const { api, collect, check, ...told } = declaration;
  return {
    ...told,
    open(given, occasion) {
      const settings = readSettings(declaration, given);
      const faults = check?.(settings) ?? [];
      if (faults.length > 0) {
        const told = faults.map((fault) => `${declaration.id}: ${fault}`).join('\n');
        throw new ReportError('ConfigurationError', told, { wide: true });
      }
      return { api: api(settings, occasion), collect: (opened) => collect(opened, settings, occasion) };
    },
  };
}

/** No configuration of its own. */
export const noConfiguration = z.strictObject({});

/** An id as text; numbers are accepted, as organizations.json may write them. */
export const anyId = z.pipe(z.union([z.string(), z.number()]), z.transform(String));

/** A guid as it was written: for what is sent back to whoever made it. */
export const guidAsWritten = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu, 'expected a guid (8-4-4-4-12 hexadecimal digits)'));

/** A guid, normalised to lower case. */
export const guid = z.pipe(
  guidAsWritten,
  z.transform((value) => value.toLowerCase()),
);

/** A whole number written as text. */
export const digits = z.pipe(
  z.union([z.string(), z.number()]),
  z.pipe(z.transform(String), z.string().check(z.regex(/^\d+$/u, 'expected digits only'))),
);

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
