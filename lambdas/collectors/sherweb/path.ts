import type { Facts } from '../../counting/facts.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { PLAIN, type Subscription, subscriptions } from './subscription.ts';

/**
 * The path that answers is kept; if none does, each customer is tried at all of them, because a 404 can be only that
 * customer's.
 */
export function subscriptionsAt(configured: string | undefined) {
  let paths = configured === undefined ? [subscriptions.path, PLAIN] : [configured];
  return async function* ({ read }: Verbs<never>, of: string, customerId: string, onRow: (row: Subscription) => Facts) {
    for (const path of paths) {
      try {
        const name = `subscriptions of ${of}`;
        yield* read({ ...subscriptions, path, name, of, query: { customerId } }, onRow);
        paths = [path];
        return;
      } catch (error) {
        const isElsewhere = error instanceof RefusedAnswer && error.status === 404 && path !== paths.at(-1);
        if (!isElsewhere) throw error;
      }
    }
  };
}
