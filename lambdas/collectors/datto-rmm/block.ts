import { ReportError } from '../../report/errors.ts';
import type { Classify } from '../../vendor/classify.ts';

const BLOCK_SECONDS = 300;

/** A 403 is also how Datto blocks an address that asked too often. The block is waited out once: it must not be hammered. */
export function waitOutOneBlock(): Classify {
  let blocked = false;
  return ({ status, body }) => {
    if (status !== 403 || !/blocked|rate.?limit/iu.test(Buffer.from(body).toString('utf8'))) return undefined;
    if (blocked) {
      throw new ReportError(
        'VendorRateLimitError',
        'Datto RMM still blocks this address because the account asks too often; wait, and let other tools ask less',
        { wide: true },
      );
    }
    blocked = true;
    return { verdict: 'limited', after: BLOCK_SECONDS };
  };
}
