import type { ReportError } from '../../report/errors.ts';
import { type Choice, chooseOr, refusedMember } from './choose.ts';
import type { TicketMember, TicketMembers } from './order.ts';
import { unlessUnserved } from './unserved.ts';

/** True for a field that is set. */
export const isSet = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/** True for an id that is a number, also one in quotes. */
export const isNumber = (id: string | number): boolean => /^\s*\d+\s*$/u.test(String(id));

/** The company of a PSA that names companies by number. Errors: `DeliveryError` for anything else. */
export function numberOf(psa: string, { companyId }: TicketMembers, what = 'a company'): number {
  if (isNumber(companyId) && Number.isSafeInteger(Number(companyId))) return Number(companyId);
  throw refusedMember(psa, 'companyId', `expected the number of ${what}, found ${JSON.stringify(companyId)}`);
}

/** What `extra` sets itself, so that nothing must be looked up for it. */
export const isInExtra = ({ extra }: TicketMembers, field: string): boolean =>
  extra !== undefined && Object.hasOwn(extra, field);

/** Where the valid values of a ticket's field come from. */
export type Lookup<C extends Choice = Choice> = {
  /** Undefined if there is no list to read. */
  read: () => Promise<readonly C[] | undefined>;
  /**
   * What a value can be if these credentials cannot read the list, because it then goes to the PSA unchecked: a number,
   * whatever matches, anything at all, or one of the values that every instance has.
   */
  unread: 'number' | 'anything' | RegExp | readonly C[];
};

/** A lookup as a PSA declares it; without `unread`, only numbers go unchecked. */
export const lookup = <C extends Choice>(
  read: Lookup<C>['read'],
  unread: Lookup<C>['unread'] = 'number',
): Lookup<C> => ({
  read,
  unread,
});

/**
 * The choice that a configured value means: a name or an id.
 * Errors: those of `refusal`, with the valid names if they can be read.
 */
export async function lookUp(
  { read, unread }: Lookup,
  wanted: string | number,
  refusal: (what: string) => ReportError,
): Promise<Choice> {
  const choices = await unlessUnserved(read);
  if (choices !== undefined) return chooseOr(refusal, wanted, choices);
  const text = String(wanted).trim();
  if (isNumber(text)) return { id: Number(text), name: text };
  if (typeof unread === 'object' && !(unread instanceof RegExp)) return chooseOr(refusal, wanted, unread);
  if (unread === 'anything' || (unread instanceof RegExp && unread.test(text))) return { id: text, name: text };
  throw refusal(
    `names cannot be looked up with these rights: give the ${unread === 'number' ? 'number' : 'id'} of "${wanted}"`,
  );
}

type LookedUp = Exclude<TicketMember, 'companyId' | 'contactEmail'>;

const LOOKED_UP: readonly LookedUp[] = ['type', 'status', 'priority', 'board'];

/**
 * What each field that is set means, by the lookup declared for it; one after the other, because PSAs allow few calls
 * at once.
 */
export async function lookUpAll(
  psa: string,
  ticket: TicketMembers,
  lookups: { readonly [member in LookedUp]?: Lookup },
): Promise<{ [member in LookedUp]?: Choice }> {
  const chosen: { [member in LookedUp]?: Choice } = {};
  for (const member of LOOKED_UP) {
    const wanted = ticket[member];
    const by = lookups[member];
    if (by === undefined || !isSet(wanted)) continue;
    chosen[member] = await lookUp(by, wanted, (what) => refusedMember(psa, member, what));
  }
  return chosen;
}
