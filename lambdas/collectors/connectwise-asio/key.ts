import * as z from 'zod/mini';
import { isReportError, ReportError } from '../../report/errors.ts';
import { type Auth, token } from '../../wire/auth.ts';
import { type Classify, retryAfter } from '../../wire/classify.ts';
import { filled } from '../../wire/forms.ts';
import { refuseSentence } from './sentence.ts';

/** "Some minutes", if the answer does not state how many. */
const LOCK_SECONDS = 120;

const TokenAnswer = z.object({
  access_token: filled,
  expires_in: z._default(z.coerce.number(), 3599),
});

/** A scope beyond the key's own is refused; without one, the token has all of the key's. */
export const keyToken = (fields: { client_id: string; client_secret: string }, scope: string): Auth =>
  token(async (exchange) => {
    const ask = (more: { scope?: string }) =>
      exchange({
        url: '/v1/token',
        json: { grant_type: 'client_credentials', ...fields, ...more },
        schema: TokenAnswer,
      });
    let answer: z.output<typeof TokenAnswer>;
    try {
      answer = await ask({ scope });
    } catch (error) {
      if (!isReportError(error, 'VendorAuthError')) throw error;
      answer = await ask({});
    }
    return { value: answer.access_token, seconds: answer.expires_in };
  });

/**
 * What answers mean here. A key that requested too many tokens is locked for some minutes (423), which is waited out
 * once. A 429 gives the time in `Reset`.
 */
export function verdictOnAnswers(): Classify {
  let locked = false;
  return (answer, now) => {
    const { status, headers } = answer;
    if (status === 429 && headers['retry-after'] === undefined) {
      const seconds = Number(headers['x-ratelimit-reset'] ?? headers.reset) - now / 1000;
      return seconds > 0 ? { verdict: 'limited', after: Math.ceil(seconds) } : undefined;
    }
    if (status !== 423) return refuseSentence(answer, now);
    if (locked) {
      throw new ReportError(
        'VendorRateLimitError',
        'ConnectWise Asio still blocks this key because too many tokens were requested with it; give other tools another key',
        { wide: true },
      );
    }
    locked = true;
    return { verdict: 'limited', after: retryAfter(headers['retry-after'], now) ?? LOCK_SECONDS };
  };
}
