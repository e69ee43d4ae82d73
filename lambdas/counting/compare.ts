import { ReportError } from '../report/errors.ts';
import type { Evidence } from '../wire/api.ts';
import type { Fact } from './facts.ts';

export type Figures = {
  /** The cells concerned: they become blank if the figures disagree. Without it the whole collection fails. */
  cells?: { customer: string; columns: readonly string[] };
  /** The largest allowed difference. */
  tolerance?: number;
  /** Why a disagreement can be harmless: then both figures are noted. Only if neither is shown as a number. */
  loose?: string;
};

/**
 * Compares what was counted with the vendor's own second figure. If they differ by more than `tolerance`, neither is
 * used: the cells concerned become blank, with both figures as the reason. The comparison is kept in the receipt.
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
