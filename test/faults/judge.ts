import type { Collection, CustomerCount } from '../../lambdas/report/collection.ts';
import { sumExact } from '../../lambdas/report/exact-sum.ts';
import { type CleanRun, type Ending, sketch } from './fault-rig.ts';

/**
 * The result of a spoiled run. Right: the clean numbers. Failed: an error with a fitting name. Partial: the customers
 * whose reading was touched have no number and the reason; all others are right. Warned: the vendor's own second figure
 * disagrees and the report shows both. Noted: the row's Data Quality shows what is not in the number. Renamed: all
 * units are there, under the part number of a product whose name is missing. Everything else is `wrong`.
 */
export type Verdict =
  | { verdict: 'right' | 'failed' | 'warned' | 'noted' | 'renamed' }
  | { verdict: 'partial'; touched: number }
  | { verdict: 'wrong'; how: string };

/**
 * `names`: the errors that fit. `everywhere`: the fault is in every row, so a remark on the whole collection is enough.
 */
export function judge(clean: CleanRun, ending: Ending, names: readonly string[], everywhere = false): Verdict {
  if (ending.leaked.length > 0) return { verdict: 'wrong', how: `asked ${ending.leaked[0]}` };
  if ('error' in ending) {
    const { name, message } = ending.error;
    return names.includes(name) ? { verdict: 'failed' } : { verdict: 'wrong', how: `${name}: ${message}` };
  }
  const { collection } = ending;
  const { wrong, blank } = differences(clean, collection);
  if (wrong.length > 0) {
    const before = disagreements(clean.collection);
    if (disagreements(collection).some((figure) => !before.includes(figure))) return { verdict: 'warned' };
    const remarked = collection.notes.some((note) => !clean.collection.notes.includes(note));
    const isSaid = wrong.every(({ isSilent }) => !isSilent);
    if (isSaid || (everywhere && remarked) || movedToUnmatched(clean.collection, collection))
      return { verdict: 'noted' };
    if (wrong.every(({ hasSameUnits }) => hasSameUnits)) return { verdict: 'renamed' };
    const hows = wrong.slice(0, 2).map(({ how }) => how);
    return { verdict: 'wrong', how: hows.join(' | ') };
  }
  if (blank.length === 0) return { verdict: 'right' };
  const unfit = blank.find(({ error }) => error !== undefined && !names.includes(error));
  if (unfit !== undefined) return { verdict: 'wrong', how: `customer ${unfit.id} failed with ${unfit.error}` };
  if (collection.status !== 'partial' && blank.some(({ state }) => state === 'failed')) {
    return { verdict: 'wrong', how: 'customers failed and the collection does not say partial' };
  }
  // A mapped customer that no list has can be in the list that was not read: it loses no number.
  const listed = new Set(clean.collection.customers.map(({ id }) => id));
  return { verdict: 'partial', touched: blank.filter(({ id }) => listed.has(id)).length };
}

const disagreements = ({ receipt }: Collection): string[] =>
  receipt.comparisons.filter(({ agrees }) => !agrees).map(({ figure }) => figure);

/**
 * A customer with a wrong number. `isSilent`: its row does not show it. `hasSameUnits`: all units are there, in another
 * product's column. `units`: the total of all its columns, in the clean run and now.
 */
export type Wrong = {
  id: string;
  /** Only a text differs. */
  isText: boolean;
  how: string;
  isSilent: boolean;
  hasSameUnits: boolean;
  units: readonly [before: number, now: number];
};

/** Customers whose numbers are not those of the clean run: blank with a reason, or wrong. */
export function differences(
  { collection: clean, cells: truth }: CleanRun,
  spoiled: Collection,
): { blank: CustomerCount[]; wrong: Wrong[] } {
  const sketched = sketch(spoiled.customers);
  const before = new Map(clean.customers.map((customer) => [customer.id, customer]));
  const judged: { blank: CustomerCount[]; wrong: Wrong[] } = { blank: [], wrong: [] };
  for (const customer of spoiled.customers) {
    const { id } = customer;
    if (truth.get(id) === sketched.get(id)) continue;
    const was = before.get(id);
    if (was?.state === 'excluded' && customer.state === 'counted' && unitsIn(customer) === 0) continue;
    if (customer.state === 'failed' || (was !== undefined && onlyBlanker(was, customer))) {
      judged.blank.push(customer);
      continue;
    }
    judged.wrong.push({
      id,
      how: `${id}: ${sketched.get(id)} instead of ${truth.get(id) ?? 'no such customer'}`,
      isSilent: was === undefined || !saysSo(was, customer),
      isText: was !== undefined && onlyTexts(was, customer),
      hasSameUnits: was !== undefined && sameUnits(was, customer, clean, spoiled),
      units: [unitsIn(was), unitsIn(customer)],
    });
  }
  const failed = new Set(spoiled.customers.filter(({ state }) => state === 'failed').map(({ id }) => id));
  for (const id of truth.keys()) {
    // A row that shows its customer's other id alone fails it under that one.
    if (sketched.has(id) || before.get(id)?.aliases.some((alias) => failed.has(alias)) === true) continue;
    const how = `${id} is not listed any more`;
    judged.wrong.push({
      id,
      how,
      isSilent: true,
      isText: false,
      hasSameUnits: false,
      units: [unitsIn(before.get(id)), 0],
    });
  }
  return judged;
}

/**
 * True if the row explains its number: with a remark that the clean run lacks, or with why the customer is excluded.
 */
const saysSo = (was: CustomerCount, { notes, state, reason }: CustomerCount): boolean =>
  notes.some((note) => !was.notes.includes(note)) || (state === 'excluded' && reason !== was.reason);

/**
 * True if units moved to the customer `unmatched`, which unmapped.csv shows: a device that names no customer is not
 * lost.
 */
export function movedToUnmatched(clean: Collection, spoiled: Collection): boolean {
  const units = ({ customers }: Collection, of: (id: string) => boolean) =>
    sumExact(
      customers.flatMap(({ id, counts }) =>
        of(id) ? Object.values(counts).filter((value) => typeof value === 'number') : [],
      ),
    );
  const isUnmatched = (id: string) => id === 'unmatched';
  return (
    units(clean, () => true) === units(spoiled, () => true) && units(spoiled, isUnmatched) > units(clean, isUnmatched)
  );
}

/** True if no number differs. */
function onlyTexts(was: CustomerCount, customer: CustomerCount): boolean {
  const numbers = ({ counts }: CustomerCount) =>
    JSON.stringify(Object.entries(counts).filter(([, value]) => typeof value === 'number' && value !== 0));
  return was.state === customer.state && numbers(was) === numbers(customer);
}

const unitsIn = (customer: CustomerCount | undefined): number =>
  sumExact(Object.values(customer?.counts ?? {}).filter((value) => typeof value === 'number'));

/** True if both have the same state, the same fixed cells, and the same total of product units. */
function sameUnits(was: CustomerCount, customer: CustomerCount, clean: Collection, spoiled: Collection): boolean {
  const products = new Set([...clean.columns, ...spoiled.columns].map(({ title }) => title));
  const parts = ({ counts }: CustomerCount) => {
    const [bought, fixed] = [true, false].map((isProduct) =>
      Object.entries(counts).filter(([title, value]) => products.has(title) === isProduct && value !== 0),
    );
    return JSON.stringify([sumExact((bought ?? []).map(([, value]) => Number(value))), fixed?.sort()]);
  };
  return was.state === customer.state && parts(was) === parts(customer);
}

/** True if every cell is the clean one, or is blank with a reason. */
function onlyBlanker(clean: CustomerCount, spoiled: CustomerCount): boolean {
  if (clean.state !== spoiled.state) return false;
  const titles = new Set([...Object.keys(clean.counts), ...Object.keys(spoiled.counts)]);
  const value = (of: CustomerCount, title: string) => (Object.hasOwn(of.counts, title) ? of.counts[title] : undefined);
  return [...titles].every((title) => {
    const [was, is] = [value(clean, title), value(spoiled, title)];
    // A missing text leaves a blank cell.
    return (
      Object.hasOwn(spoiled.gaps, title) || (was ?? 0) === (is ?? 0) || (is === undefined && typeof was === 'string')
    );
  });
}
