import { ReportError } from '../../report/errors.ts';
import type { Session } from '../../wire/session.ts';
import type { WireResponse } from '../../wire/transport.ts';

const LONGEST = 600;

type Read = (body: unknown) => string;

/**
 * The error for a create call that the PSA refused: its own words, without secrets, and where to mend it. `hints` say what was
 * left out of the call and may be what it wants.
 */
export function refusedTicket(
  desk: string,
  answer: WireResponse,
  session: Pick<Session, 'redactor'>,
  read?: Read,
  hints: readonly string[] = [],
): ReportError {
  return new ReportError(
    'DeliveryError',
    `${desk} refused the ticket (HTTP ${answer.status}): ${[wordsOf(answer, session, read), ...hints].join('; ')}; set what it asks for under delivery.psa.ticket in report.json, fields of its own under "extra"`,
  );
}

/** The same for a file; `mend` says what to do. */
export function refusedFile(
  desk: string,
  file: { name: string },
  answer: WireResponse,
  session: Session,
  mend: string,
  read?: Read,
): ReportError {
  return new ReportError(
    'DeliveryError',
    `${desk} refused ${file.name} (HTTP ${answer.status}): ${wordsOf(answer, session, read)}; ${mend}`,
  );
}

/** What a refusal says, on one line and without secrets; `read` finds it inside a JSON body. */
export function wordsOf(answer: WireResponse, session: Pick<Session, 'redactor'>, read?: Read): string {
  const text = Buffer.from(answer.body).toString('utf8');
  let said = text;
  try {
    const body: unknown = JSON.parse(text);
    said = read?.(body) ?? text;
  } catch {
    said = text.trimStart().startsWith('<') ? 'an HTML page' : text;
  }
  return session.redactor.clean(said.replace(/\s+/gu, ' ').trim()).slice(0, LONGEST);
}
