import * as z from 'zod/mini';
import type { Classify } from '../../wire/classify.ts';
import type { HostPattern } from '../../wire/hosts.ts';
import type { WireResponse } from '../../wire/transport.ts';
import type { Maker } from '../delivery/making.ts';

export const name = 'Datto PSA';

export const DISCOVERY = 'https://webservices2.autotask.net/ATServicesRest/V1.0';
export const HOSTS: readonly HostPattern[] = ['*.autotask.net'];

/** The wait if Autotask limits the rate and does not state how long. */
const LIMITED_SECONDS = 60;
/** More parallel calls than one integration is allowed; comes with any status. */
const THREADS = /Itgenatr005|thread threshold/iu;

export const Refusal = z.object({ errors: z.array(z.string()).check(z.minLength(1)) });

/** Autotask's complaints in an error body. */
const wordsOf = (body: unknown): string => z.parse(Refusal, body).errors.join('; ');

/** What Autotask complains of; undefined if the answer is not one of its complaints. */
export function refusalOf({ body }: WireResponse): string | undefined {
  const text = Buffer.from(body).toString('utf8');
  if (!text.includes('"errors"')) return undefined;
  try {
    const refusal = z.safeParse(Refusal, JSON.parse(text));
    return refusal.success ? refusal.data.errors.join('; ') : undefined;
  } catch {
    return undefined;
  }
}

/** How create calls are refused: with any status, and with nothing done. */
export const REFUSALS: Pick<Maker, 'faults' | 'habits' | 'isRefusal'> = {
  faults: [],
  habits: { read: wordsOf, refusesBy500: true },
  isRefusal: (answer) => refusalOf(answer) !== undefined,
};

/**
 * Validation and missing rights come as HTTP 500 with `errors`: an answer, which repeating would not change. Too many
 * calls at once come with any status, and pass.
 */
export const classifyAutotask: Classify = (answer) => {
  const { status, headers, body } = answer;
  if (THREADS.test(status >= 400 ? Buffer.from(body).toString('utf8') : (refusalOf(answer) ?? ''))) {
    return { verdict: 'limited' };
  }
  if (status === 429 && headers['retry-after'] === undefined) return { verdict: 'limited', after: LIMITED_SECONDS };
  return status >= 500 && refusalOf(answer) !== undefined ? { verdict: 'fine' } : undefined;
};
