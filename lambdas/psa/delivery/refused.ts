import { ReportError } from '../../report/errors.ts';
import type { Session } from '../../wire/session.ts';
import type { WireResponse } from '../../wire/transport.ts';

const LONGEST = 600;

/** What takes secrets out of an answer's words: all that a reader of agreements needs of a session. */
type Cleaner = Pick<Session, 'redactor'>;

/**
 * Statuses to accept from a call that changes something, so that the PSA's own words are read: it may give its reason
 * with any of them.
 */
export const FAULTS: readonly number[] = [500, 501, 502, 503, 504, 507, 520, 521, 522, 524, 530];

/** Words that say no more than the status does. */
const NO_REASON =
  /^(internal server error|(the )?service( is)?( temporarily)? unavailable|bad gateway|gateway time-?out|an? (unexpected )?error (has )?occurred|error)?[.!]?$/iu;

/** Where the JSON body of any PSA can have its reason. */
const REASONS = ['message', 'Message', 'errorMessage', 'error_description', 'detail', 'description', 'error'];

/** A PSA's fault with a reason. Repeating does not help, and what was requested may have been done after all. */
export class FaultWithReason extends ReportError {
  constructor(message: string) {
    super('DeliveryError', message);
  }
}

/** How one PSA refuses. */
export type RefusalHabits = {
  /** Finds the words inside a JSON body; can throw if there are none. */
  read?: (body: unknown) => string;
  /** What was left out of the call and may be what the PSA requires. */
  hints?: readonly string[];
  /** Its HTTP 500 is a refusal like a 400: nothing was done. */
  refusesBy500?: boolean;
};

/** The error for a create call that did not succeed: the PSA's own words, without secrets, and where to fix it. */
export const refusedTicket = (
  psa: string,
  answer: WireResponse,
  session: Cleaner,
  habits: RefusalHabits = {},
): ReportError =>
  refused(
    `${psa} refused the ticket`,
    answer,
    session,
    habits,
    'set what it asks for under delivery.psa.ticket in report.json, and its own fields under "extra"',
  );

/** The same for a file; `remedy` says what to do. */
export const refusedFile = (
  psa: string,
  file: { name: string },
  answer: WireResponse,
  session: Cleaner,
  remedy: string,
  habits: RefusalHabits = {},
): ReportError => refused(`${psa} refused ${file.name}`, answer, session, habits, remedy);

function refused(what: string, answer: WireResponse, session: Cleaner, habits: RefusalHabits, remedy: string) {
  const { status } = answer;
  const { read, hints = [], refusesBy500 = false } = habits;
  const words = wordsOf(answer, session, read);
  const toDo = isPage(answer)
    ? 'a firewall or proxy in front of it may block it: ask who runs it, or do it by hand'
    : remedy;
  const message = `${what} (HTTP ${status}): ${[words, ...hints].join('; ')}; ${toDo}`;
  if (status < 500 || (refusesBy500 && status === 500)) return new ReportError('DeliveryError', message);
  if (!isPage(answer) && !NO_REASON.test(words)) return new FaultWithReason(message);
  return new ReportError('VendorUnavailableError', `${what}: HTTP ${status}; it may or may not have taken effect`);
}

const textOf = ({ body }: WireResponse): string => Buffer.from(body).toString('utf8').trim();

const isPage = (answer: WireResponse): boolean => textOf(answer).startsWith('<');

/** What a refusal says, on one line and without secrets; `read` finds it inside a JSON body. */
export function wordsOf(answer: WireResponse, session: Cleaner, read?: RefusalHabits['read']): string {
  const text = textOf(answer);
  const words = isPage(answer) ? 'a web page instead of an API answer' : (wordsIn(text, read) ?? text);
  return session.redactor.clean(words.replace(/\s+/gu, ' ').trim()).slice(0, LONGEST);
}

function wordsIn(text: string, read: RefusalHabits['read']): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  try {
    if (read !== undefined) return read(body);
  } catch {
    // Not the PSA's usual body: a proxy in front of it may have answered.
  }
  const first: unknown = Array.isArray(body) ? body[0] : body;
  if (typeof first !== 'object' || first === null) return undefined;
  const words = REASONS.map((member) => (Object.hasOwn(first, member) ? Reflect.get(first, member) : undefined));
  return words.find((word): word is string => typeof word === 'string' && word.trim() !== '');
}
