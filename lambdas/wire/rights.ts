import { isReportError, type ReportError } from '../report/errors.ts';

/** One right that credentials need. */
export type NamedRight = {
  /** Its name in the system's own screens. */
  right: string;
  /** Where to grant it there. */
  where: string;
};

/** The result of a check without any listed customer to ask about: the right may exist or not. */
export const NOBODY_LISTED = Symbol('no customer is listed');

/**
 * A right with the cheapest harmless call that needs it: one row, if possible. `A` is the API to call. A check can
 * first make the call of another right, and then makes exactly that call.
 */
export type OpenRight<A> = NamedRight & { check: (asked: A) => Promise<unknown> };

/** A right that no read-only call can check, and why. */
export type UnseenRight = NamedRight & { unseen: string };

/** Whether a right exists, and the system's answer if not; or why that could not be checked. */
export type RightChecked = NamedRight & { refusal: ReportError | undefined; unseen?: string };

/** The rights in one sentence for the documentation; a common place is named once. */
export function rightsSentence(rights: readonly NamedRight[]): string {
  return [...Map.groupBy(rights, ({ where }) => where)]
    .map(([where, there]) => `${there.map(({ right }) => right).join(', ')} (${where})`)
    .join('; ');
}

/** Checks rights one after the other. Errors: those that are not refusals. */
export async function* tryRights<A>(rights: readonly OpenRight<A>[], asked: A): AsyncGenerator<RightChecked> {
  for (const { right, where, check } of rights) {
    let refusal: ReportError | undefined;
    let unseen = {};
    try {
      if ((await check(asked)) === NOBODY_LISTED) unseen = { unseen: 'no customer is listed yet to ask about' };
    } catch (error) {
      if (!isReportError(error)) throw error;
      refusal = error;
    }
    yield { right, where, refusal, ...unseen };
  }
}
