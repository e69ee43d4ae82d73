import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import { type BilledFact, note, unread } from './fact.ts';

/**
 * What to do where lines do not come to the total that the PSA gives by itself: `refuse`, since a line may be missing, so nothing of
 * the customer is compared; `note`, for an MSP that knows why its totals differ.
 */
export const totalsDiffer = z.optional(z.enum(['refuse', 'note']));

/** A total of the PSA that disagrees with its lines, and whose lines these are. */
export function* disagreeing(
  customerIds: Iterable<string | number>,
  sentence: string,
  setting: z.output<typeof totalsDiffer>,
): Generator<BilledFact> {
  if (setting === 'note') return yield note(sentence);
  const error = new ReportError('VendorContractError', sentence);
  for (const id of new Set(customerIds)) yield unread(id, error);
}
