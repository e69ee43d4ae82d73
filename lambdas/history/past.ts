import type { ColumnKind } from './company-cells.ts';
import type { Before, PastCompany } from './vendor-history.ts';

/** The earlier cells of one company. */
export type Past = {
  titles: string[];
  /** Undefined if nothing is known: a column that is always shown now and did not exist then. */
  cell: (title: string, kind: ColumnKind) => Before | undefined;
};

export function pastOf({ cells, day, state, ...company }: PastCompany): Past {
  const failing = company.failing === true;
  const byTitle = new Map(cells);
  return {
    titles: cells.map(([title]) => title),
    cell: (title, { type, appears }) => {
      const cell = byTitle.get(title);
      if (cell !== undefined) {
        return {
          ...(cell.value === undefined ? {} : { value: cell.value }),
          state: cell.state ?? 'counted',
          since: cell.since ?? day,
          failing: failing || cell.failing === true,
        };
      }
      if (state !== undefined) return { state, since: day, failing };
      if (appears === 'always') return undefined;
      return type === 'number'
        ? { value: 0, state: 'counted', since: day, failing }
        : { state: 'excluded', since: day, failing };
    },
  };
}
