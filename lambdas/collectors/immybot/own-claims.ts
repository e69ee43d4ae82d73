import * as z from 'zod/mini';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { isReportError } from '../../report/errors.ts';

/** Every text in an answer, in lower case. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value.toLowerCase()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/**
 * The names by which the API knows us, one of which is the principal of our own user; none if it does not report them.
 * The numbers do not need it, so no answer makes the collection fail.
 */
export async function ownClaims(api: VendorApi): Promise<Set<string>> {
  try {
    return new Set(textsIn(await api.get('/users/claims', { schema: z.unknown() })));
  } catch (error) {
    if (isReportError(error) && !error.wide) return new Set();
    throw error;
  }
}
