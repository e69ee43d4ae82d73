import { ReportError } from '../report/errors.ts';
import type { Evidence } from '../wire/api.ts';
import type { Fact } from './facts.ts';

export type Figures = {
  /** Whose cells it is about: those open where the figures disagree. Without it the whole collection is not believed. */
  cells?: { customer: string; columns: readonly string[] };
  /** How far apart the two may be. */
  tolerance?: number;
  /** Why a disagreement may be no fault: then both figures are noted. Only where neither is shown as a number. */
  loose?: string;
};

/**
 * Holds what was counted against the vendor's own second figure. Where they are further apart than `tolerance`, neither is
 * believed: the cells that it is about open and say both. The comparison is kept in the receipt.
 * Errors: `VendorContractError` if it is about no cell.
 */
export function* compare(
  { name, evidence }: { name: string; evidence: Evidence },
  {
    figure,
    counted,
    declared,
    cells,
    tolerance = 0,
    loose,
  }: { figure: string; counted: number; declared: number } & Figures,
): Generator<Fact> {
  const agrees = Math.abs(counted - declared) <= tolerance;
  evidence.comparisons.push({ figure, counted, declared, tolerance, agrees });
  if (agrees) return;
  const sentence = `${figure}: counted ${counted}, the vendor declares ${declared}`;
  if (cells !== undefined) {
    for (const column of cells.columns) {
      yield { fact: 'gap', customer: cells.customer, column, gap: { state: 'failed', reason: sentence } };
    }
    return;
  }
  if (loose === undefined) throw new ReportError('VendorContractError', `${name}: ${sentence}`);
  yield { fact: 'note', note: `${name}: ${sentence} (${loose})` };
}
