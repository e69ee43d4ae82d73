import type { CellGap, CellValue, CustomerCount } from '../report/collection.ts';
import { type Failure, ReportError } from '../report/errors.ts';
import { ExactSum } from '../report/exact-sum.ts';
import { identityOf } from '../report/identity-marks.ts';
import { byText } from '../report/order.ts';

/** What is known so far about one customer. */
export type Draft = {
  id: string;
  name: string | undefined;
  aliases: Set<string>;
  excluded?: string;
  failed?: Failure;
  numbers: Map<string, ExactSum>;
  texts: Map<string, Set<string>>;
  gaps: Map<string, CellGap>;
  notes: Set<string>;
  /** What is known about who it is, as `marksOf` writes it. */
  identity: Set<string>;
};

/** A draft as JSON. */
export type DraftSnapshot = {
  id: string;
  name?: string;
  aliases: string[];
  excluded?: string;
  failed?: Failure;
  numbers: [string, string][];
  texts: [string, string[]][];
  gaps: [string, CellGap][];
  notes: string[];
  identity?: string[];
};

/** A customer with only its id. Errors: `VendorContractError` for an empty id. */
export function newDraft(id: string): Draft {
  if (id === '') {
    throw new ReportError('VendorContractError', 'the vendor sent a customer or a row without a customer id');
  }
  return {
    id,
    name: undefined,
    aliases: new Set(),
    numbers: new Map(),
    texts: new Map(),
    gaps: new Map(),
    notes: new Set(),
    identity: new Set(),
  };
}

// If two facts disagree, the choice must not depend on their order: the lesser text wins, a failure beats an exclusion.

const lesser = (before: string | undefined, text: string): string =>
  before === undefined || text < before ? text : before;

export function setExcluded(draft: Draft, reason: string): void {
  draft.excluded = lesser(draft.excluded, reason);
}

export function setFailed(draft: Draft, failure: Failure): void {
  const before = draft.failed;
  const text = ({ error, message }: Failure): string => `${error} ${message}`;
  if (before === undefined || text(failure) < text(before)) draft.failed = failure;
}

export function setGap(draft: Draft, column: string, gap: CellGap): void {
  const before = draft.gaps.get(column);
  const text = ({ state, reason }: CellGap): string => `${state === 'failed' ? 0 : 1} ${reason}`;
  if (before === undefined || text(gap) < text(before)) draft.gaps.set(column, gap);
}

export function sumOf(draft: Draft, column: string): ExactSum {
  let sum = draft.numbers.get(column);
  if (sum === undefined) {
    sum = new ExactSum();
    draft.numbers.set(column, sum);
  }
  return sum;
}

export function setName(draft: Draft, name: string): void {
  draft.name = lesser(draft.name, name);
}

/** Moves what was counted under another spelling of a title to that of `rename`. */
export function renameColumns(draft: Draft, rename: ReadonlyMap<string, string>): void {
  for (const [from, to] of rename) {
    const sum = draft.numbers.get(from);
    if (sum !== undefined) sumOf(draft, to).merge(sum);
    draft.numbers.delete(from);
    const gap = draft.gaps.get(from);
    if (gap !== undefined) setGap(draft, to, gap);
    draft.gaps.delete(from);
  }
}

/** Adds everything in `theirs` to `ours`. */
export function mergeDraft(ours: Draft, theirs: Draft): void {
  if (theirs.name !== undefined) setName(ours, theirs.name);
  if (theirs.excluded !== undefined) setExcluded(ours, theirs.excluded);
  if (theirs.failed !== undefined) setFailed(ours, theirs.failed);
  for (const alias of theirs.aliases) ours.aliases.add(alias);
  for (const [column, gap] of theirs.gaps) setGap(ours, column, gap);
  for (const note of theirs.notes) ours.notes.add(note);
  for (const mark of theirs.identity) ours.identity.add(mark);
  for (const [column, sum] of theirs.numbers) sumOf(ours, column).merge(sum);
  for (const [column, values] of theirs.texts) {
    ours.texts.set(column, new Set([...(ours.texts.get(column) ?? []), ...values]));
  }
}

export const snapshotDraft = ({
  aliases,
  numbers,
  texts,
  gaps,
  notes,
  identity,
  name,
  ...rest
}: Draft): DraftSnapshot => ({
  ...rest,
  ...(name === undefined ? {} : { name }),
  aliases: [...aliases],
  numbers: [...numbers].map(([column, sum]) => [column, String(sum)]),
  texts: [...texts].map(([column, values]) => [column, [...values]]),
  gaps: [...gaps],
  notes: [...notes],
  ...(identity.size === 0 ? {} : { identity: [...identity] }),
});

export const restoreDraft = ({
  aliases,
  numbers,
  texts,
  gaps,
  notes,
  identity,
  name,
  ...rest
}: DraftSnapshot): Draft => ({
  ...rest,
  name,
  aliases: new Set(aliases),
  numbers: new Map(numbers.map(([column, sum]) => [column, ExactSum.from(sum)])),
  texts: new Map(texts.map(([column, values]) => [column, new Set(values)])),
  gaps: new Map(gaps),
  notes: new Set(notes),
  identity: new Set(identity),
});

/** Rows name a customer that the vendor's list lacks: perhaps it was created after the list was read. */
export class CustomerUnlisted extends ReportError {
  constructor(id: string) {
    super('VendorContractError', `rows name customer ${id}, which the vendor's customer list does not contain`);
  }
}

/** True if all that is known of a customer is that something of it could not be read. */
export const isUnlistedFailure = ({ name, failed, numbers, texts, gaps, excluded }: Draft): boolean =>
  name === undefined && failed !== undefined && excluded === undefined && numbers.size + texts.size + gaps.size === 0;

/** The customer as collected. Errors: `CustomerUnlisted`. */
export function finishDraft(draft: Draft): CustomerCount {
  const { id, name, excluded, failed } = draft;
  if (name === undefined) throw new CustomerUnlisted(id);
  const aliases = [...draft.aliases].filter((alias) => alias !== id).sort(byText);
  const notes = [...draft.notes].sort(byText);
  const identity = identityOf(draft.identity);
  const bare = { id, aliases, name, counts: {}, gaps: {}, notes, ...(identity === undefined ? {} : { identity }) };
  if (failed !== undefined) return { ...bare, state: 'failed', error: failed.error, reason: failed.message };
  if (excluded !== undefined) return { ...bare, state: 'excluded', reason: excluded };
  const numbers = [...draft.numbers].map(([column, sum]): [string, CellValue] => [column, sum.value]);
  const texts = [...draft.texts].map(([column, values]): [string, CellValue] => [
    column,
    [...values].sort(byText).join('; '),
  ]);
  return {
    ...bare,
    state: 'counted',
    counts: Object.fromEntries<CellValue>([...numbers, ...texts].sort(([a], [b]) => byText(a, b))),
    gaps: Object.fromEntries([...draft.gaps].sort(([a], [b]) => byText(a, b))),
  };
}
