import { csvPieces } from '../report/csv-pieces.ts';
import type { CountedUnit, ProvenUnits } from './counted-units.ts';

type UnitRow = { integration: string; unit: CountedUnit };

/**
 * units.csv in pieces: one line per unit, vendor by vendor, in the order in which each vendor lists them; only the
 * header if there is none. Errors: those of `ProvenUnits.read`; what was written until then is incomplete.
 */
export const unitsCsv = (vendors: readonly ProvenUnits[]): AsyncGenerator<string> =>
  csvPieces(rowsOf(vendors), [
    { label: 'Company', value: ({ unit }) => unit.company.name },
    { label: 'Integration', value: ({ integration }) => integration },
    { label: 'Column', value: ({ unit }) => unit.column },
    { label: 'Unit', value: ({ unit }) => unit.name },
    { label: 'Unit Id', value: ({ unit }) => unit.id },
    { label: 'Quantity', value: ({ unit }) => unit.quantity },
  ]);

async function* rowsOf(vendors: readonly ProvenUnits[]): AsyncGenerator<UnitRow[]> {
  for (const { name, read } of vendors) {
    for await (const units of read()) yield units.map((unit) => ({ integration: name, unit }));
  }
}
