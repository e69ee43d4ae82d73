import * as z from 'zod/mini';
import { describeIssue } from '../../report/describe-issue.ts';
import { ReportError } from '../../report/errors.ts';

/** How many faults of one row a message names. */
const FAULTS_NAMED = 3;

/** A row that is not as documented: what tells it from others and whose it is, and its faults. */
export type OddRow<K> = K & { odd: ReportError };

/**
 * A row, or an odd one if at least `known` can be read of it: it costs its own customer, and not everybody's. `what`
 * names it in messages: "ConnectWise PSA agreement". Errors: `VendorContractError` for a row that does not even have
 * that.
 */
export function orOdd<R, K extends object>(
  what: string,
  form: z.ZodMiniType<R>,
  known: z.ZodMiniType<K>,
): z.ZodMiniType<R | OddRow<K>> {
  const either: z.ZodMiniType<R | OddRow<K>> = form;
  return z.catch(either, ({ input }) => {
    const faults = (z.safeParse(form, input).error?.issues ?? [])
      .slice(0, FAULTS_NAMED)
      .map((issue) => describeIssue(issue, input));
    const odd = new ReportError('VendorContractError', `${what}: ${faults.join('; ')}`);
    const read = z.safeParse(known, input);
    if (read.success) return { ...read.data, odd };
    throw odd;
  });
}

export const isOdd = <R extends object, K>(row: R | OddRow<K>): row is OddRow<K> => 'odd' in row;

/** Rows as documented, and the odd ones. */
export function apart<R extends object, K>(rows: readonly (R | OddRow<K>)[]): { sound: R[]; odd: OddRow<K>[] } {
  const sound: R[] = [];
  const odd: OddRow<K>[] = [];
  for (const row of rows) {
    if (isOdd(row)) odd.push(row);
    else sound.push(row);
  }
  return { sound, odd };
}
