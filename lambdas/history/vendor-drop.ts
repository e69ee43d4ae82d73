import type { CellValue } from '../report/collection.ts';
import type { Day } from '../report/day.ts';
import { sumExact } from '../report/exact-sum.ts';
import { distinct } from '../report/order.ts';
import type { ReportIntegration } from '../report/report.ts';
import type { CellChange } from './cell-changes.ts';
import type { Snapshot } from './vendor-history.ts';

/** A loss at many companies at once: more likely a fault of the vendor, or of reading it, than of every company. */
export type VendorDrop = {
  /** How many companies lost something, out of those that had something. */
  companies: number;
  of: number;
  /** By column: what those companies had, and what is left, if that is a number. */
  columns: { title: string; before: number; now?: number }[];
  /** The new states of the cells, each once. */
  states: string[];
  since: Day;
  /** The changes that it summarizes. */
  cells: CellChange[];
};

/** With fewer companies than this, a loss is each company's own. */
const MANY = 5;

/** The least share of the companies with something at the vendor that must have lost some of it. */
const SHARE = 0.5;

/**
 * The least share of what all companies had in the columns concerned: a device less here and there is everyday life.
 */
const LOST = 0.1;

/**
 * Splits the changes at one vendor into those of a drop of the whole vendor and the others. It is a drop if at least
 * five companies, and at least half of those that had something there, have less or cannot be read any more, and that
 * is at least a tenth of everything; or if the vendor could not be read at all, however few they are. A company that
 * went, or whose id was removed, did not lose anything because of the vendor.
 */
export function splitDrop(
  changes: readonly CellChange[],
  history: Snapshot,
  status: ReportIntegration['status'],
): { drop?: VendorDrop; others: CellChange[] } {
  const losing = new Set(changes.filter(isLoss).map(({ company }) => company.id));
  const having = history.companies.filter(({ cells }) => cells.some(([, { value }]) => isSome(value)));
  const isDrop =
    losing.size >= MANY && losing.size >= having.length * SHARE && lostBy(changes) >= LOST * hadIn(history, changes);
  const cells = changes.filter((change) => isLoss(change) || isBlanked(change));
  if (cells.length === 0 || !(isDrop || status === 'failed')) return { others: [...changes] };
  const titles = new Set(cells.filter(isLoss).map(({ column }) => column));
  const drop: VendorDrop = {
    companies: losing.size,
    of: having.length,
    columns: [...titles].map((title) => columnOf(title, cells.filter(isLoss))),
    states: distinct(cells.map(({ stateNow }) => stateNow ?? '')),
    since: distinct(cells.map(({ since }) => since)).at(-1) ?? history.day,
    cells,
  };
  return { drop, others: changes.filter((change) => !(isLoss(change) || isBlanked(change))) };
}

const isSome = (value: CellValue | undefined): value is number => typeof value === 'number' && value > 0;

/** There is no value any more: the vendor gives none, or it could not be read. */
const isBlanked = ({ stateNow }: CellChange): boolean =>
  stateNow === 'failed' || stateNow === 'not-found' || stateNow === 'excluded';

const isLoss = (change: CellChange): boolean =>
  isSome(change.before) &&
  (isBlanked(change) ||
    (change.stateNow === 'counted' && typeof change.now === 'number' && change.now < change.before));

/** What was lost, or cannot be read any more. */
const lostBy = (changes: readonly CellChange[]): number =>
  sumExact(changes.filter(isLoss).map(({ before, now }) => numberOf(before) - numberOf(now)));

/** What all companies had in the columns in which some lost. */
function hadIn({ companies }: Snapshot, changes: readonly CellChange[]): number {
  const titles = new Set(changes.filter(isLoss).map(({ column }) => column));
  return sumExact(
    companies.flatMap(({ cells }) => cells.map(([title, { value }]) => (titles.has(title) ? numberOf(value) : 0))),
  );
}

const numberOf = (value: CellValue | undefined): number => (typeof value === 'number' ? value : 0);

function columnOf(title: string, lost: readonly CellChange[]): VendorDrop['columns'][number] {
  const cells = lost.filter(({ column }) => column === title);
  const numbers = (values: (CellValue | undefined)[]): number[] => values.filter((value) => typeof value === 'number');
  const now = numbers(cells.map((cell) => cell.now));
  return {
    title,
    before: sumExact(numbers(cells.map((cell) => cell.before))),
    ...(now.length === cells.length ? { now: sumExact(now) } : {}),
  };
}
