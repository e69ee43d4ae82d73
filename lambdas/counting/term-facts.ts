import * as z from 'zod/mini';
import { type Day, readDay } from '../report/day.ts';
import { isReportError } from '../report/errors.ts';
import { aside, type Unread } from './row-forms.ts';
import type { Terms } from './seats.ts';

type ReadDay = (text: string) => Day | null | undefined;

/**
 * A day, for a row's form: null if it is empty or was never set. `read` is for an API with its own way to write days.
 */
export const dayForm = (read: ReadDay = readDay) =>
  z.pipe(
    z.string(),
    z.transform((text: string, { issues }) => {
      try {
        return text.trim() === '' ? null : (read(text) ?? null);
      } catch (error) {
        if (!isReportError(error)) throw error;
        issues.push({ code: 'custom', message: error.message, input: text });
        return z.NEVER;
      }
    }),
  );

/** A day that no number depends on: undefined if it is missing or not a date. */
export const termDay = (read?: ReadDay) => aside(dayForm(read));

type Maybe<T> = T | null | undefined;

/** Term facts of a row, in the vendor's own forms. */
type AsRead = {
  seller: Terms['seller'];
  quantity?: Maybe<number | Unread>;
  assigned?: Maybe<number | Unread>;
  /** A number, or a decimal number as text. */
  unitCost?: Maybe<number | string>;
  currency?: Maybe<string>;
  billingTerm?: Maybe<string>;
  commitment?: Maybe<string>;
  termEnd?: Maybe<Day>;
  autoRenew?: Maybe<boolean>;
  scheduledQuantity?: Maybe<number>;
  committed?: Maybe<Terms['committed']>;
  windowEnd?: Maybe<Day>;
  /** Ids of the same subscription at other vendors. */
  joins?: readonly Maybe<string>[];
};

/** A subscription's term facts: a fact that is missing or not as declared is left out. */
export function termsOf(id: string | number, { joins = [], quantity, assigned, ...facts }: AsRead): Terms {
  const { unitCost, currency, seller, ...rest } = facts;
  const cost = String(unitCost ?? '').trim();
  return {
    ...known(rest),
    ...{ id: String(id), seller, joins: joins.flatMap((join) => (join ? [join] : [])) },
    ...(typeof quantity === 'number' ? { quantity } : {}),
    ...(typeof assigned === 'number' ? { assigned } : {}),
    ...(/^\d+(\.\d+)?$/u.test(cost) ? { unitCost: cost } : {}),
    ...(currency ? { currency: currency.trim().toUpperCase() } : {}),
  };
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], null | undefined | ''> };

/** The fields that are not undefined. */
function known<T extends object>(facts: T): Known<T>;
function known(facts: object): object {
  return Object.fromEntries(
    Object.entries(facts).filter(([, fact]) => fact !== null && fact !== undefined && fact !== ''),
  );
}
