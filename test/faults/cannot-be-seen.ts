import type { Exchange, Rig } from './fault-rig.ts';
import { rowsIn } from './fault-rig.ts';
import { at } from './wire-faults.ts';

/** A fault as this file judges it. */
export type FaultCase = { fault: string; here: Exchange; list: readonly Exchange[]; member?: Touched };

type Touched = { path: readonly string[]; inRow: boolean; value: unknown };

/** `inNoise`: also checks the rows of a larger fleet, which contain more oddities. */
type Blindness = { why: string; inNoise?: true; applies: (faultCase: FaultCase, reading: Reading) => boolean };

/** How the collector read the list: by which sign it ended, and whether the vendor declares its length. */
type Reading = { ends: readonly string[]; declared: boolean; totals: readonly number[] };

const LOST_ROWS = /^(a page dropped|a row dropped|no rows|rows change while being read|200, \[\], once)$/u;
const GONE = /(missing|null|renamed|blank|never set)( everywhere)?$/u;

/** Rows are gone, and nothing else in the answer states how many there should be. */
const lost = ({ fault, here, list }: FaultCase): boolean =>
  LOST_ROWS.test(fault) && !holds(here.answer.body, rowsOf(list.filter(({ series }) => series === here.series)));
const isByPosition = ({ here }: FaultCase): boolean =>
  [...here.request.query.keys()].some((name) => /^(page(no|number)?|skip|(.*\.)?offset)$/iu.test(name));
const gone = ({ fault }: FaultCase): boolean => GONE.test(fault);
const ending =
  (...signs: readonly string[]) =>
  ({ ends, declared }: Reading): boolean =>
    !declared && (signs.length === 0 ? ends.length === 0 : ends.some((end) => signs.includes(end)));

const byCursor = ending('no further cursor', 'no next link', 'answered in a batch');
const byEmptyPage = ending('an empty page');
const byShortPage = ending('a page that is not full', 'no next page');
const inOne = ending('the API has one page');
const inNone = ending();

/**
 * What no collector could notice, because of the way a list is paged and declared: nothing in the API shows it.
 * Anything else that changes a number silently is a defect.
 */
const CANNOT_BE_SEEN: readonly Blindness[] = [
  {
    why: 'a list cut by position without a total: a row deleted while it is read moves another onto a page already read (the definition of the column says so)',
    applies: (faultCase, reading) =>
      faultCase.fault === 'rows change while being read' &&
      isByPosition(faultCase) &&
      (byEmptyPage(reading) || byShortPage(reading)),
  },
  {
    why: 'a list by cursor or link without a total: a row or page that the vendor leaves out is mentioned nowhere else',
    applies: (faultCase, reading) => lost(faultCase) && byCursor(reading),
  },
  {
    why: 'a list by cursor or link without a total, its pages shorter than asked for: a cursor that goes missing is the sign of the end',
    applies: (faultCase, reading) => gone(faultCase) && faultCase.member?.inRow === false && byCursor(reading),
  },
  {
    why: 'a list after the last id without a total: a row or page that the vendor leaves out is mentioned nowhere else',
    applies: (faultCase, reading) => lost(faultCase) && byEmptyPage(reading),
  },
  {
    why: 'a list that ends at a short page, without a total: a row that the vendor leaves out is mentioned nowhere else',
    applies: (faultCase, reading) => lost(faultCase) && byShortPage(reading),
  },
  {
    why: 'one answer without a total: a row that the vendor leaves out is mentioned nowhere else',
    applies: (faultCase, reading) => lost(faultCase) && (inOne(reading) || inNone(reading)),
  },
  {
    why: 'only the first page has the total, and it is gone with that page',
    applies: ({ fault, here, list }, { totals }) =>
      fault === 'a page dropped' && here.index === 0 && !totals.some((total) => holds(list[1]?.answer.body, total)),
  },
  {
    why: 'a total that is too low by just the rows of the last page agrees with the rows read',
    applies: ({ fault, list }, { totals }) =>
      /number of rows off by -/u.test(fault) && totals.includes(1 + rowsOf(list.slice(0, -1))),
  },
  {
    why: 'the vendor counts for us: its total is the number, and no row is read besides',
    applies: ({ fault, here, list }) =>
      /number of rows off/u.test(fault) &&
      list.filter(({ series }) => series === here.series).length === 1 &&
      holdsMore(here.answer.body, rowsIn(here.answer.body).length),
  },
  {
    why: 'another well-formed id is another customer, as far as anyone can tell',
    applies: ({ fault, member }) =>
      /^(negative|not a number|another type|beyond 2\^53)$/u.test(fault) && /id$/iu.test(member?.path.at(-1) ?? ''),
  },
  {
    why: 'a figure that the vendor gives in fractions may be any fraction',
    inNoise: true,
    applies: ({ fault, list, member }) =>
      fault === 'a fraction' &&
      list.flatMap(({ answer }) => rowsIn(answer.body)).some((row) => isFraction(at(row, member?.path ?? []))),
  },
  {
    why: 'the vendor itself leaves this member out of some rows',
    inNoise: true,
    applies: (faultCase) =>
      gone(faultCase) && faultCase.member?.inRow === true && isLeftOut(faultCase.member.path, faultCase.list),
  },
];

/** Why a fault at this place cannot be noticed; undefined if it must be. */
export function unseeable(
  faultCase: FaultCase,
  { clean: { collection }, noise }: Pick<Rig, 'clean' | 'noise'>,
): string | undefined {
  const receipts = collection.receipt.lists.filter(({ list }) => {
    const [path = ''] = list.split(' ');
    return faultCase.here.request.path.endsWith(path.replace(/^https:\/\/[^/]+/u, '').replace(/\?.*$/u, ''));
  });
  const reading: Reading = {
    ends: receipts.map(({ end }) => end),
    totals: receipts.flatMap(({ declaredTotal }) => declaredTotal ?? []),
    declared: receipts.length > 0 && receipts.every(({ declaredTotal }) => declaredTotal !== undefined),
  };
  const inLargerFleet = {
    ...faultCase,
    list: [...faultCase.list, ...noise.filter(({ list }) => list === faultCase.here.list)],
  };
  return CANNOT_BE_SEEN.find(({ applies, inNoise }) => applies(inNoise === true ? inLargerFleet : faultCase, reading))
    ?.why;
}

const isFraction = (value: unknown): boolean => typeof value === 'number' && !Number.isInteger(value);

/** True if some row of the clean run lacks this field, or has null in it. */
function isLeftOut(path: readonly string[], list: readonly Exchange[]): boolean {
  return list
    .flatMap(({ answer }) => rowsIn(answer.body))
    .some((row) => {
      const value = at(row, path);
      return value === undefined || value === null || value === '';
    });
}

const rowsOf = (list: readonly Exchange[]): number =>
  list.reduce((sum, { answer }) => sum + rowsIn(answer.body).length, 0);

/** True if `total` is anywhere outside the rows. */
function holds(body: unknown, total: number): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  return Object.values(body).some((value) => value === total || holds(value, total));
}

/** True if a number outside the rows is larger than the number of rows. */
function holdsMore(body: unknown, rows: number): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  return Object.values(body).some((value) => (typeof value === 'number' && value > rows) || holdsMore(value, rows));
}
