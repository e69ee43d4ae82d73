import { Paused } from '../wire/session.ts';
import type { Listening } from './listening.ts';

/** A token, and a list that depends on another list. */
const MOST_ANSWERS = 5;

/**
 * Begins to read as a run would, and stops at the first fact or after a few answers: the cheapest check for an
 * integration whose rights cannot be checked one by one. Errors: those of the request path.
 */
export async function beginReading(facts: AsyncIterable<unknown>, listening: Listening): Promise<void> {
  listening.stopAfter(MOST_ANSWERS);
  try {
    for await (const _ of facts) return;
  } catch (error) {
    if (!(error instanceof Paused) || !listening.isEnough) throw error;
  }
}
