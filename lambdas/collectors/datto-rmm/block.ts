import { ReportError } from '../../report/errors.ts';
import type { Classify } from '../../wire/classify.ts';

/**
 * Datto also uses 403 to block an address with too many requests, for five minutes, which more requests would only
 * prolong.
 */
export const refuseBlock: Classify = ({ status, body }) => {
  if (status !== 403 || !/blocked|rate.?limit/iu.test(Buffer.from(body).toString('utf8'))) return undefined;
  throw new ReportError(
    'VendorRateLimitError',
    'Datto RMM blocks this address because the account sends too many requests; wait five minutes, and have other tools send fewer',
    { wide: true },
  );
};
