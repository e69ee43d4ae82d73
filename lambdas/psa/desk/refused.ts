import { ReportError } from '../../report/errors.ts';
import type { Session } from '../../vendor/session.ts';
import type { WireResponse } from '../../vendor/transport.ts';

const LONGEST = 600;

/** The error for a create call that the PSA refused: its own words, without secrets, and where to mend it. */
export function refusedTicket(
  desk: string,
  answer: WireResponse,
  session: Session,
  read?: (body: unknown) => string,
): ReportError {
  const text = Buffer.from(answer.body).toString('utf8');
  let said = text;
  try {
    const body: unknown = JSON.parse(text);
    said = read?.(body) ?? text;
  } catch {
    said = text.trimStart().startsWith('<') ? 'an HTML page' : text;
  }
  const words = session.redactor.clean(said.replace(/\s+/gu, ' ').trim()).slice(0, LONGEST);
  return new ReportError(
    'DeliveryError',
    `${desk} refused the ticket (HTTP ${answer.status}): ${words}; set what it asks for under delivery.psa.ticket in report.json, fields of its own under "extra"`,
  );
}
