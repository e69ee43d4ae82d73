import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import { preset } from '../../wire/options.ts';
import { type BilledFact, note, unread } from './fact.ts';

/** What to do if lines do not add up to the PSA's own total: a line can be missing, or the MSP knows why. */
export const totalsDiffer = preset(
  z.enum(['refuse', 'note']),
  'refuse',
  'if lines do not add up to the total that the PSA itself gives: compare nothing of that customer, or only note it',
);

/** A total of the PSA that disagrees with its lines, and their customer. */
export function* disagreeing(
  customerIds: Iterable<string | number>,
  sentence: string,
  setting: z.output<typeof totalsDiffer>,
): Generator<BilledFact> {
  if (setting === 'note') return yield note(sentence);
  const error = new ReportError('VendorContractError', sentence);
  for (const id of new Set(customerIds)) yield unread(id, error);
}
