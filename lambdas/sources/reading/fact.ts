import type { BilledCustomer, BilledLine } from '../../billing/line.ts';
import { type Failure, failureOf } from '../../report/errors.ts';

/** A line as a PSA's reader makes it; its source is added in one place for all. */
export type ReadLine = Omit<BilledLine, 'billedFrom'>;

/** Everything that a source can report about what is billed. */
export type BilledFact =
  | { fact: 'customer'; customer: BilledCustomer }
  | { fact: 'line'; line: ReadLine }
  | { fact: 'unread'; customerId: string; failure: Failure }
  | { fact: 'note'; note: string };

/** A customer that the source lists, with or without lines; one without a name is shown by its id. */
export const customer = (
  id: string | number,
  name: string | null | undefined,
  aliases: readonly string[] = [],
): BilledFact => ({
  fact: 'customer',
  customer: { id: String(id), name: name || String(id), aliases: [...aliases] },
});

/** A billed line. */
export const line = (read: ReadLine): BilledFact => ({ fact: 'line', line: read });

/** Some of this customer's lines could not be read: nothing of it is compared. */
export const unread = (customerId: string | number, error: unknown): BilledFact => ({
  fact: 'unread',
  customerId: String(customerId),
  failure: failureOf(error),
});

/** A remark on the whole source. */
export const note = (sentence: string): BilledFact => ({ fact: 'note', note: sentence });
