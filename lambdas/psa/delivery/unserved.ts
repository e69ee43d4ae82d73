import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { type TicketOrder, withRemark } from './order.ts';

/** Statuses of a call that this instance, or this user's role, does not have. */
const UNSERVED: readonly number[] = [403, 404, 405];

/**
 * What `look` finds out; undefined if the PSA does not serve the call. For look-ups that help but are not needed: the
 * configured value then goes to the PSA unchecked, which refuses a wrong one.
 */
export async function unlessUnserved<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof RefusedAnswer && UNSERVED.includes(error.status)) return undefined;
    throw error;
  }
}

/** The order for a ticket without its contact, with a remark, because that contact cannot be looked up. */
export const withoutContact = (order: TicketOrder): TicketOrder =>
  withRemark(order, `The contact ${order.ticket.contactEmail} could not be looked up, so this ticket names none.`);
