import { ReportError } from '../../report/errors.ts';
import type { TicketMember } from './order.ts';

/** A valid value of a ticket field. */
export type Choice = { id: string | number; name: string };

/** How many valid names a message lists. */
const NAMES_LISTED = 40;

/**
 * The choice that a configured name or id means: a name, whatever its case and outer spaces, or else an exact id.
 * Errors: that of `refusal`, with the valid names if it is unknown or means several.
 */
export function chooseOr<C extends Choice>(
  refusal: (what: string) => ReportError,
  wanted: string | number,
  choices: readonly C[],
): C {
  const text = String(wanted).trim();
  const sameName = choices.filter(({ name }) => plain(name) === plain(text));
  const matching = sameName.length > 0 ? sameName : choices.filter(({ id }) => String(id) === text);
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return only;
  throw refusal(
    only === undefined
      ? `there is no ${JSON.stringify(wanted)}; there ${namesOf(choices)}`
      : `${JSON.stringify(wanted)} matches several, give the id; there ${namesOf(matching)}`,
  );
}

/** The error for a ticket field that cannot be used as in report.json. */
export const refusedMember = (psa: string, member: TicketMember, what: string): ReportError =>
  new ReportError('DeliveryError', `report.json: delivery.psa.ticket.${member}: in ${psa} ${what}`);

/** The error for a field of the PSA's own settings that cannot be used as in report.json. */
export const refusedSetting = (psa: { id: string; name: string }, member: string, what: string): ReportError =>
  new ReportError('ConfigurationError', `report.json: integrations.${psa.id}.${member}: in ${psa.name} ${what}`);

/** The hint about a ticket field that nobody set, for when the PSA refuses the ticket. */
export const unset = (member: TicketMember, choices: readonly Choice[]): string =>
  `delivery.psa.ticket.${member}: none is set; there ${namesOf(choices)}`;

/** "are "Billing" (4), "Help Desk" (1)". */
export function namesOf(choices: readonly Choice[]): string {
  if (choices.length === 0) return 'is none that these credentials may see';
  const names = choices.slice(0, NAMES_LISTED).map(({ id, name }) => `${JSON.stringify(name)} (${id})`);
  return `${choices.length === 1 ? 'is' : 'are'} ${names.join(', ')}${choices.length > NAMES_LISTED ? `, and ${choices.length - NAMES_LISTED} more` : ''}`;
}

const plain = (name: string): string => name.trim().toLowerCase();
