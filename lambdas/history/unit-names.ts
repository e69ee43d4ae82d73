import type { CellValue } from '../report/collection.ts';
import { byName } from '../report/order.ts';
import type { Cell } from '../report/report.ts';
import type { NamedUnits, Units } from './named-units.ts';
import type { PastState } from './vendor-history.ts';

/**
 * Which units a cell gained and lost, in words; empty if the units are unknown. `namesOthers`: another company is among
 * the words, because a unit came from there or went there.
 */
export type UnitNames = { added: string[]; removed: string[]; namesOthers?: true };

/** The cell before and now; a state is absent if the company was or is not in the report. */
export type CellStates = { before?: CellValue; now?: CellValue; stateBefore?: PastState; stateNow?: Cell['state'] };

/**
 * Lists the units that a cell gained and lost, by their ids. A unit that another company had, or has now, is marked so;
 * one with a new name is still the same unit (`old -> new`); one whose quantity changed shows both (`10 -> 12`).
 */
export function unitNames(
  before: NamedUnits,
  now: NamedUnits,
  nameOf: (company: string) => string,
): (company: string, column: string, cell: CellStates) => UnitNames {
  const had = companiesByUnit(before);
  const has = companiesByUnit(now);
  return (company, column, cell) => {
    const past = unitsIn(before.get(company)?.get(column), cell.stateBefore, cell.before);
    const present = unitsIn(now.get(company)?.get(column), cell.stateNow, cell.now);
    const names: UnitNames = { added: [], removed: [] };
    if (past === undefined || present === undefined) return names;
    const elsewhere = (id: string, there: Companies, notThere: Companies): string | undefined => {
      const unit = keyOf(column, id);
      const others = [...(there.get(unit) ?? [])].filter((other) => notThere.get(unit)?.has(other) !== true);
      return others.length === 1 && others[0] !== undefined ? nameOf(others[0]) : undefined;
    };
    for (const [id, { name, quantity }] of present) {
      const earlier = past.get(id);
      if (earlier === undefined) {
        const from = elsewhere(id, had, has);
        if (from !== undefined) names.namesOthers = true;
        names.added.push(from === undefined ? name : `${name} (from ${from})`);
        continue;
      }
      const called = earlier.name === name ? name : `${earlier.name} -> ${name}`;
      if (quantity < earlier.quantity) names.removed.push(`${called} (${earlier.quantity} -> ${quantity})`);
      else if (quantity > earlier.quantity) names.added.push(`${called} (${earlier.quantity} -> ${quantity})`);
      else if (called !== name) names.added.push(called);
    }
    for (const [id, { name }] of past) {
      if (present.has(id)) continue;
      const to = elsewhere(id, has, had);
      if (to !== undefined) names.namesOthers = true;
      names.removed.push(to === undefined ? name : `${name} (to ${to})`);
    }
    return { ...names, added: names.added.sort(byName), removed: names.removed.sort(byName) };
  };
}

const NONE: Units = new Map();

/**
 * The units of a cell; none for a 0, or for a company that is not in the report or has no id at the vendor. Undefined
 * if they are not known: a number that came without them, and a cell that could not be read.
 */
function unitsIn(listed: Units | undefined, state: Cell['state'] | undefined, value?: CellValue): Units | undefined {
  if (state === undefined || state === 'unmapped') return NONE;
  if (state !== 'counted') return undefined;
  return listed ?? (value === 0 ? NONE : undefined);
}

type Companies = Map<string, Set<string>>;

const keyOf = (column: string, id: string): string => JSON.stringify([column, id]);

function companiesByUnit(all: NamedUnits): Companies {
  const companies: Companies = new Map();
  for (const [company, byColumn] of all) {
    for (const [column, units] of byColumn) {
      for (const id of units.keys()) {
        const key = keyOf(column, id);
        companies.set(key, (companies.get(key) ?? new Set()).add(company));
      }
    }
  }
  return companies;
}
