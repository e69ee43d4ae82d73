import * as z from 'zod/mini';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { isReportError } from '../../report/errors.ts';

/** Every text in an answer, in lower case. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value.toLowerCase()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/**
 * Whatever the API knows us by; nothing where it does not say. One of these is the principal of our own user. A courtesy of the
 * API, so that no answer to it is a reason to fail.
 */
export async function ownClaims(api: VendorApi): Promise<Set<string>> {
  try {
    return new Set(textsIn(await api.get('/users/claims', { schema: z.unknown() })));
  } catch (error) {
    if (isReportError(error) && !error.wide) return new Set();
    throw error;
  }
}
