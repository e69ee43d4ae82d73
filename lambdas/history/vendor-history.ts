import * as z from 'zod/mini';
import { type Day, isDay } from '../report/day.ts';

const text = z.string();
const day = z.string().check(z.refine(isDay, 'expected a day'));
const state = z.enum(['unmapped', 'not-found', 'ambiguous', 'excluded', 'failed']);

/** A cell as it was last read: a value, or why it was blank; with `since` where that was on another day than the company's. */
const PastCell = z.strictObject({
  value: z.optional(z.union([z.number(), text])),
  state: z.optional(state),
  since: z.optional(day),
  /** Set where the last report could not read it. */
  failing: z.optional(z.literal(true)),
});

/** Id, name where it is another text, quantity where it is not 1. */
const PastUnit = z.tuple([text, z.nullable(text), z.number()]);

const PastCompany = z.strictObject({
  id: text,
  name: text,
  /** The day on which its cells were last read. */
  day,
  /** Set where all its cells were blank for one reason. */
  state: z.optional(state),
  failing: z.optional(z.literal(true)),
  /** Set where it was known to have nothing at this vendor: there were no cells. */
  empty: z.optional(z.literal(true)),
  /** By title, without the zeros of columns that come and go. Pairs, since a title may be any text. */
  cells: z.array(z.tuple([text, PastCell])),
  /** By title; only for cells whose units were yielded. */
  units: z.array(z.tuple([text, z.array(PastUnit)])),
});

/**
 * What later reports compare one vendor with: the last delivered report, and for each cell that it could not read the last one that
 * could. Kept apart from the runs, which expire.
 */
const VendorHistory = z.strictObject({
  version: z.literal(1),
  integration: text,
  /** Fingerprint of the configuration that says what is counted. */
  configuration: text,
  /** The delivered report. */
  runId: text,
  day,
  installed: z.boolean(),
  companies: z.array(PastCompany),
});

export type VendorHistory = z.output<typeof VendorHistory>;
export type PastCompany = z.output<typeof PastCompany>;
export type PastCell = z.output<typeof PastCell>;
export type PastUnit = z.output<typeof PastUnit>;

/** Whose history is expected. */
export type Expected = { integration: string; name: string; configuration: string; runId: string };

/**
 * Reads a history back. One that is unreadable, or belongs to something else, is set aside with a sentence: this report then compares
 * that vendor with nothing, and the next one starts afresh. Neither for a vendor that was never delivered (`value` undefined).
 */
export function readHistory(value: unknown, expected: Expected): { history?: VendorHistory; remark?: string } {
  if (value === undefined) return {};
  const { integration, name, configuration, runId } = expected;
  const aside = (reason: string) => ({
    remark: `${name}: ${reason}, so changes.csv compares nothing of ${name} this time`,
  });
  const result = z.safeParse(VendorHistory, value);
  if (!result.success) {
    const place = result.error.issues[0]?.path.join('.');
    return aside(`what the last report kept cannot be read${place ? ` (${place})` : ''}`);
  }
  const history = result.data;
  if (history.integration !== integration) return aside(`what was kept belongs to ${history.integration}`);
  if (history.configuration !== configuration) {
    return aside(`the report of ${history.day} was made with another configuration`);
  }
  if (history.runId === runId) return aside('what was kept is from this very run');
  return { history };
}

/** A cell of the past with the day on which it was read. */
export type Before = { value?: number | string; state: PastState; since: Day; failing: boolean };
export type PastState = 'counted' | z.output<typeof state>;
