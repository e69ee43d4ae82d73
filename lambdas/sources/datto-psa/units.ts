import type { DecimalText } from '../../billing/line.ts';
import type { Period } from '../../billing/period.ts';
import type { Day } from '../../report/day.ts';
import { ReportError } from '../../report/errors.ts';

/** Services and bundles have separate ids. */
export const idOf = (of: 'service' | 'bundle', id: number): string => (of === 'service' ? String(id) : `bundle ${id}`);

/** One row of units: a billing period of a service or bundle on a contract, or a part of one. */
export type UnitRow = {
  id: number;
  position: string;
  contractID: number;
  units: DecimalText;
  startDate: Day | null;
  endDate: Day | null;
  /** Amount for the whole range of the row. */
  price: DecimalText | undefined;
  approveAndPostDate?: string | null | undefined;
};

/**
 * The units of one line: those of the first day, another row that covers it too, and what changes later in the period.
 */
export type Units = {
  current?: { units: DecimalText; amount: DecimalText | undefined; isPosted: boolean };
  rival?: DecimalText;
  later: { from: Day; units: DecimalText }[];
};

/** Groups rows by their line. */
export const unitsByPosition = (rows: readonly UnitRow[], { first }: Period): Map<string, Units> =>
  new Map(
    [...Map.groupBy(rows, ({ position }) => position)].map(([id, ofPosition]) => [id, unitsOn(first, ofPosition)]),
  );

/** Units that are of none of the listed lines. */
export function strayUnits(
  rows: readonly UnitRow[],
  listed: readonly { id: string }[],
): { contractID: number; odd: ReportError }[] {
  const ids = new Set(listed.map(({ id }) => id));
  return rows
    .filter(({ position }) => !ids.has(position))
    .map(({ contractID, position }) => {
      const what = `units of contract service ${position} but does not list it`;
      return { contractID, odd: new ReportError('VendorContractError', `Datto PSA has ${what}`) };
    });
}

/**
 * Two rows can share a day on which one ends and the next begins: the later one counts, unless the earlier continues.
 */
function unitsOn(day: Day, rows: readonly UnitRow[]): Units {
  const covering = rows
    .filter(({ startDate }) => startDate === null || startDate <= day)
    .sort((a, b) => ((a.startDate ?? '') < (b.startDate ?? '') ? 1 : -1));
  const [row, ...earlier] = covering;
  const rival = earlier.find(({ endDate }) => endDate === null || endDate > day);
  return {
    ...(row === undefined
      ? {}
      : {
          current: { units: row.units, amount: row.price, isPosted: typeof row.approveAndPostDate === 'string' },
        }),
    ...(rival === undefined ? {} : { rival: rival.units }),
    later: rows.flatMap(({ startDate, units }) =>
      startDate !== null && startDate > day ? [{ from: startDate, units }] : [],
    ),
  };
}
