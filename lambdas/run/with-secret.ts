import { isDeepStrictEqual } from 'node:util';
import type { Secrets } from '../platform/platform.ts';
import { isReportError } from '../report/errors.ts';
import { type Credentialed, readSecret, withPlaceOfSecret } from './secret.ts';

/**
 * Works with an integration's secret. If the credentials are refused, they are read once more, and if they were renewed
 * meanwhile, the work is repeated with the new ones.
 * Errors: those of `readSecret` and of `work`.
 */
export async function withSecret<T>(
  secrets: Secrets,
  integration: Credentialed,
  work: (secret: unknown) => Promise<T>,
): Promise<T> {
  const secret = await readSecret(secrets, integration);
  try {
    return await work(secret);
  } catch (error) {
    if (!isReportError(error, 'VendorAuthError')) throw error;
    const renewed = await readSecret(secrets, integration);
    if (isDeepStrictEqual(renewed, secret)) throw withPlaceOfSecret(error, integration);
    return work(renewed);
  }
}
