import * as z from 'zod/mini';
import type { Column } from '../report/column.ts';
import { type Day, isDay } from '../report/day.ts';

const text = z.string();
const day = z.string().check(z.refine(isDay, 'expected a day'));
const state = z.enum(['unmapped', 'not-found', 'ambiguous', 'excluded', 'failed']);

/**
 * A cell as it was last read: a value, or why it was blank; with `since` if that was on another day than the company's.
 */
const PastCell = z.strictObject({
  value: z.optional(z.union([z.number(), text])),
  state: z.optional(state),
  since: z.optional(day),
  /** Set if the last report could not read it. */
  failing: z.optional(z.literal(true)),
});

/** Id, the name if it differs from the id, and the quantity if it is not 1. */
const PastUnit = z.tuple([text, z.nullable(text), z.number()]);

const PastCompany = z.strictObject({
  id: text,
  name: text,
  /** The day on which its cells were last read. */
  day,
  /** Set if all its cells were blank for one reason. */
  state: z.optional(state),
  failing: z.optional(z.literal(true)),
  /** Set if it was known to have nothing at this vendor: there were no cells. */
  empty: z.optional(z.literal(true)),
  /** By title, without the zeros of columns that come and go. Pairs, since a title may be any text. */
  cells: z.array(z.tuple([text, PastCell])),
  /** By title; only for cells whose units were yielded. */
  units: z.array(z.tuple([text, z.array(PastUnit)])),
});

/** A column that appears when used, or that the vendor's data names. */
const ComingColumn = z.strictObject({
  title: text,
  type: z.enum(['number', 'text']),
  appears: z.enum(['when-used', 'product']),
  definition: text,
});

/**
 * One vendor as the last delivered report read it; a cell that it could not read is as the last report that could read
 * it showed it.
 */
const Snapshot = z.strictObject({
  /** The delivered report, and when it was made (ISO 8601, UTC). */
  runId: text,
  asOf: text,
  /** Its day in the configured zone. */
  day,
  installed: z.boolean(),
  /** The columns that it showed and that come and go; missing in files of older versions. */
  columns: z.optional(z.array(ComingColumn)),
  companies: z.array(PastCompany),
});

/**
 * What later reports compare one vendor with, apart from the runs, which expire. `before` is what that report was
 * itself compared with, so that a repeated run compares with the same again.
 */
const VendorHistory = z.strictObject({
  version: z.literal(1),
  integration: text,
  /** Id of the MSP whose report it was; missing in files of older versions. */
  managingOrganization: z.optional(text),
  /** Fingerprint of the configuration that says what is counted. */
  configuration: text,
  last: Snapshot,
  before: z.optional(Snapshot),
});

export type VendorHistory = z.output<typeof VendorHistory>;
export type Snapshot = z.output<typeof Snapshot>;
export type PastCompany = z.output<typeof PastCompany>;
export type PastCell = z.output<typeof PastCell>;
export type PastUnit = z.output<typeof PastUnit>;

/** The report that wants to compare. `configuration`: undefined if the vendor is not installed any more. */
export type Comparer = {
  integration: string;
  name: string;
  managingOrganization: string;
  configuration: string | undefined;
  runId: string;
  asOf: string;
  /** Where the history is, for people. */
  place: string;
};

/**
 * `snapshot`: what to compare with, and the `configuration` by which it was counted. `superseded`: a later report was
 * delivered, whose history must not be replaced by this one's.
 */
export type ReadHistory = { snapshot?: Snapshot; configuration?: string; remark?: string; superseded?: true };

/**
 * Reads a history back. One that is unreadable, or belongs to something else, is set aside with a sentence: this report
 * then compares that vendor with nothing, and the next one starts afresh. Before the first delivery (`value` undefined)
 * there is nothing to say.
 */
export function readHistory(value: unknown, comparer: Comparer): ReadHistory {
  const { integration, managingOrganization, configuration, runId, asOf } = comparer;
  if (value === undefined) return {};
  const result = z.safeParse(VendorHistory, value);
  if (!result.success) {
    const where = result.error.issues[0]?.path.join('.');
    return useless(comparer, `the history of the last report cannot be read${where ? ` (${where})` : ''}`);
  }
  const { last, before, ...whose } = result.data;
  if (configuration === undefined && whose.managingOrganization !== managingOrganization) return {};
  if (whose.integration !== integration)
    return useless(comparer, `the history of the last report belongs to ${whose.integration}`);
  if (whose.configuration !== (configuration ?? whose.configuration))
    return aside(comparer, `the report of ${last.day} had another configuration`);
  const counted = { configuration: whose.configuration };
  if (last.runId === runId) return before === undefined ? {} : { snapshot: before, ...counted };
  if (last.asOf > asOf) return { ...aside(comparer, `a later report was delivered on ${last.day}`), superseded: true };
  return { snapshot: last, ...counted };
}

const aside = ({ name }: Comparer, reason: string): ReadHistory => ({
  remark: `${name}: ${reason}, so changes.csv does not compare ${name} this time`,
});

/** A history that no run can read. Only a vendor that is installed gets a new one by itself. */
function useless(comparer: Comparer, reason: string): ReadHistory {
  const { name, configuration, place } = comparer;
  if (configuration !== undefined) return aside(comparer, reason);
  const remedy = `remove ${place} if that does not matter`;
  return { remark: `${name} is not installed, and ${reason}, so changes.csv does not show whether it was; ${remedy}` };
}

/** The columns of one vendor that come and go, as the last delivered report showed them; none if that is not known. */
export function columnsShown(value: unknown, integration: string): Column[] {
  const { success, data } = z.safeParse(VendorHistory, value);
  return success && data.integration === integration ? (data.last.columns ?? []) : [];
}

/** A cell of the past with the day on which it was read. */
export type Before = { value?: number | string; state: PastState; since: Day; failing: boolean };
export type PastState = 'counted' | z.output<typeof state>;
