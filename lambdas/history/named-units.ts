import { sumExact } from '../report/exact-sum.ts';
import type { CountedUnit } from './counted-units.ts';
import type { PastCompany, PastUnit } from './vendor-history.ts';

/** Unit id -> its name, and what it adds to the count. */
export type Units = Map<string, { name: string; quantity: number }>;

/** Company id -> column -> units, of one vendor. A cell whose units are unknown has no entry. */
export type NamedUnits = Map<string, Map<string, Units>>;

/** The units of one vendor by company and column. Units with the same id there count as one unit. */
export async function unitsByCell(batches: AsyncIterable<readonly CountedUnit[]>): Promise<NamedUnits> {
  const all: NamedUnits = new Map();
  for await (const units of batches) for (const unit of units) addTo(all, unit);
  return all;
}

function addTo(all: NamedUnits, { company, column, id, name, quantity }: CountedUnit): void {
  const byColumn = all.get(company.id) ?? new Map<string, Units>();
  const cell = byColumn.get(column) ?? new Map();
  const before = cell.get(id);
  cell.set(id, {
    name: before !== undefined && before.name < name ? before.name : name,
    quantity: before === undefined ? quantity : sumExact([before.quantity, quantity]),
  });
  all.set(company.id, byColumn.set(column, cell));
}

/** As they are stored, sorted. */
export const keptUnits = (units: Units): PastUnit[] =>
  [...units]
    .map(([id, { name, quantity }]): PastUnit => [id, name === id ? null : name, quantity])
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** From their stored form. */
export const pastUnits = (companies: readonly PastCompany[]): NamedUnits =>
  new Map(
    companies.map(({ id, units }) => [
      id,
      new Map(
        units.map(([column, kept]) => [
          column,
          new Map(kept.map(([unit, name, quantity]) => [unit, { name: name ?? unit, quantity }])),
        ]),
      ),
    ]),
  );
