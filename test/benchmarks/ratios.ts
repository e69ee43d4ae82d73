/** A ratio and its target. No value: there was nothing to compare with; NaN: a process ran out of memory. */
type Ratio = { work: string; value: number | undefined; most: number };

const ratios: Ratio[] = [];

/** Keeps a ratio for the table at the end. */
export function note(work: string, value: number | undefined, most: number): void {
  ratios.push({ work, value, most });
}

/** Every ratio so far, next to its target. */
export const ratioRows = (): Record<string, string | number>[] =>
  ratios.map(({ work, value, most }) => ({
    Work: work,
    Measured: value === undefined ? 'not measured' : Number(value.toFixed(2)),
    Target: `<= ${most}`,
    Met: value === undefined ? '' : value <= most ? 'yes' : 'no',
  }));
