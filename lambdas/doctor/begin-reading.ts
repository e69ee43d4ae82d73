import { Paused } from '../wire/session.ts';
import type { Listening } from './listening.ts';

/** A token, and a list that another one leads to. */
const MOST_ANSWERS = 5;

/**
 * Begins to read as a run would, and leaves with the first fact, or after a few answers: the cheapest call that is known of an
 * integration whose rights cannot be tried one by one. Errors: those of the request path.
 */
export async function beginReading(facts: AsyncIterable<unknown>, listening: Listening): Promise<void> {
  listening.stopAfter(MOST_ANSWERS);
  try {
    for await (const _ of facts) return;
  } catch (error) {
    if (!(error instanceof Paused) || !listening.isEnough) throw error;
  }
}
