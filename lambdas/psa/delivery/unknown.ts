import { isReportError, ReportError } from '../../report/errors.ts';
import { Blocked } from '../../wire/refusal.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { Paused, waitOrPause } from '../../wire/session.ts';
import type { OpenPsa } from './operations.ts';
import { FaultWithReason } from './refused.ts';

/**
 * A wait longer than this was requested by the PSA; a shorter one only means that this attempt has too little time
 * left.
 */
const ASKED_FOR_SECONDS = 60;

const FIRST_WAIT_SECONDS = 2;

/**
 * Looks until `isFinal`, or until the PSA has settled, and returns what was seen last.
 * Waits 2, 4, 8, … seconds between looks, `settleSeconds` in all.
 */
export async function lookUntil<T>(psa: OpenPsa, look: () => Promise<T>, isFinal: (seen: T) => boolean): Promise<T> {
  let waited = 0;
  for (let seconds = FIRST_WAIT_SECONDS; ; seconds *= 2) {
    const seen = await look();
    if (isFinal(seen) || waited >= psa.settleSeconds) return seen;
    const pause = Math.min(seconds, psa.settleSeconds - waited);
    await waitOrPause(psa.session, pause * 1000, `${psa.name}: checking whether an earlier attempt arrived`);
    waited += pause;
  }
}

/** The outcome of an action: done, or unknown with the error that hid the answer. */
export type Attempted<T> = { done: T } | { unknown: ReportError };

/**
 * Acts once. Throws an error if it is certain that nothing happened; returns an error that leaves the outcome unknown.
 */
export async function attempt<T>(act: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { done: await act() };
  } catch (error) {
    if (error instanceof Blocked) throw error;
    if (error instanceof RefusedAnswer && error.status >= 400 && error.status < 500) throw error;
    if (error instanceof FaultWithReason) return { unknown: error };
    if (isReportError(error, 'VendorUnavailableError') || isReportError(error, 'VendorContractError')) {
      return { unknown: error };
    }
    throw error;
  }
}

/** Acts, and once more if the answer was lost or unreadable: for actions that are harmless when done twice. */
export async function twiceIfNeedBe<T>(act: () => Promise<T>): Promise<T> {
  const outcome = await attempt(act);
  return 'done' in outcome ? outcome.done : act();
}

/**
 * True when trying again may help: no usable answer came. An answer that is a refusal, or that we cannot read, would be
 * the same again.
 */
export const worthRepeating = (error: ReportError): boolean => error.name === 'VendorUnavailableError';

/**
 * A delivery has no checkpoint to continue from: a pause becomes an error, which the state machine retries or must not
 * retry.
 */
export async function withoutPause<T>(psa: { name: string }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Paused)) throw error;
    throw error.waitSeconds > ASKED_FOR_SECONDS
      ? new ReportError(
          'VendorRateLimitError',
          `${error.reason}: it asks for ${error.waitSeconds} seconds, more than this attempt has left; deliver again later under the same run id`,
        )
      : new ReportError(
          'VendorUnavailableError',
          `${error.reason}: no time is left in this attempt at ${psa.name}; the next one looks up what this one did`,
        );
  }
}
