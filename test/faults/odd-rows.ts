import { unseeable } from './cannot-be-seen.ts';
import type { Rig } from './fault-rig.ts';
import { differences, movedToUnmatched, type Wrong } from './judge.ts';
import type { Outcome, Spoiled } from './matrix.ts';
import { type Oddity, odditiesOf, packed, together } from './oddities.ts';

/**
 * One odd row affects only its own cell or customer. A run has many odd rows, at most one per customer, so that each
 * customer can be judged separately; a run in which the whole vendor fails is halved until the row that fails it is
 * alone.
 */
export async function spoilRows(rig: Rig): Promise<Spoiled> {
  const result: Spoiled = { tallied: new Map(), wrong: [], unseen: new Set() };
  for (const oddities of packed(odditiesOf(rig))) await spoil(rig, oddities, result);
  return result;
}

async function spoil(rig: Rig, oddities: readonly Oddity[], result: Spoiled): Promise<void> {
  const [first] = oddities;
  if (first === undefined) return;
  const ending = await rig.run(together(oddities));
  if ('error' in ending && oddities.length > 1) {
    const half = Math.ceil(oddities.length / 2);
    for (const part of [oddities.slice(0, half), oddities.slice(half)]) await spoil(rig, part, result);
    return;
  }
  if ('error' in ending) {
    const mayCostAll = (first.isName || first.about.length === 0) && ending.error.name === 'VendorContractError';
    if (!mayCostAll) result.wrong.push(`${first.name} costs all: ${ending.error.message}`);
    count(first, mayCostAll ? 'failed' : 'wrong', result);
    return;
  }
  const { collection } = ending;
  const { blank, wrong } = differences(rig.clean, collection);
  const listed = new Set(rig.clean.collection.customers.map(({ id }) => id));
  const causeOf = (id: string): Oddity | undefined =>
    oddities.find(({ about, isName }) => about.includes(id) || about.length === 0 || isName);
  const outcomes = new Map<Oddity, Outcome>(oddities.map((oddity) => [oddity, 'right']));
  for (const { id, reason } of blank) {
    const cause = causeOf(id);
    if (cause !== undefined) outcomes.set(cause, 'partial');
    else if (listed.has(id))
      result.wrong.push(`${first.name}, or another odd row of that run, costs customer ${id}: ${reason}`);
  }
  const isMoved = movedToUnmatched(rig.clean.collection, collection) || blank.some(({ id }) => id === 'unmatched');
  const isRemarked = collection.notes.some((note) => !rig.clean.collection.notes.includes(note));
  for (const difference of wrong) {
    const cause = causeOf(difference.id) ?? first;
    outcomes.set(cause, isMoved ? 'noted' : judged(rig, cause, difference, isRemarked, result));
  }
  for (const [oddity, outcome] of outcomes) count(oddity, outcome, result);
}

/** Judges a customer with a wrong number. */
function judged(rig: Rig, cause: Oddity, difference: Wrong, isRemarked: boolean, result: Spoiled): Outcome {
  const { how, isSilent, isText, hasSameUnits, units } = difference;
  // A text is shown as it is in the row.
  if (isText) return 'right';
  if (!isSilent) return 'noted';
  if (hasSameUnits) return 'renamed';
  // Moved to the column for unknown classes, with a remark on the collection that names the word.
  if (isRemarked && units[0] === units[1]) return 'noted';
  const { kind, exchange: here, member, value, name } = cause;
  const [, list = []] = rig.lists().find(([key]) => key === here.list) ?? [];
  const why = unseeable({ fault: kind, here, list, member: { path: member, inRow: true, value } }, rig);
  if (why !== undefined) {
    result.unseen.add(why);
    return 'unseen';
  }
  result.wrong.push(`${name} (${JSON.stringify(value)}): ${how}`);
  return 'wrong';
}

function count({ kind }: Oddity, outcome: Outcome, { tallied }: Spoiled): void {
  const counts = tallied.get(kind) ?? new Map<Outcome, number>();
  tallied.set(kind, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
}
