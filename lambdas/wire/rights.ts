import { isReportError, type ReportError } from '../report/errors.ts';

/** One thing that credentials must be allowed to do. */
export type NamedRight = {
  /** As the system's own screens call it. */
  right: string;
  /** Where it is given there. */
  where: string;
};

/** What a check answers that had nobody to ask about, because no customer is listed yet: the right may be there or not. */
export const NOBODY_LISTED = Symbol('no customer is listed');

/**
 * A right with the cheapest harmless call that needs it: one row, if it can be. `A` is the way to ask. A check may ask first what
 * another right opens; it then asks the very same.
 */
export type OpenRight<A> = NamedRight & { check: (asked: A) => Promise<unknown> };

/** A right that no harmless call shows, and why. */
export type UnseenRight = NamedRight & { unseen: string };

/** Whether a right is there, and what the system said where it is not; or why that could not be seen. */
export type RightChecked = NamedRight & { refusal: ReportError | undefined; unseen?: string };

/** The rights in one sentence for the documentation; the place is named once where all are given there. */
export function rightsSentence(rights: readonly NamedRight[]): string {
  return [...Map.groupBy(rights, ({ where }) => where)]
    .map(([where, there]) => `${there.map(({ right }) => right).join(', ')} (${where})`)
    .join('; ');
}

/** Tries rights one after the other. Errors: what is no refusal. */
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
