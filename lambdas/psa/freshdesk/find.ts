import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import type { Desk } from '../delivery/making.ts';
import type { TicketOrder } from '../delivery/order.ts';
import { mentions, shortKey } from '../delivery/run-key.ts';
import { freshdesk } from './access.ts';
import { all } from './lists.ts';
import type { Requester } from './requester.ts';

const DAY_MILLISECONDS = 24 * 3600 * 1000;
const LONGEST_TAG = 32;

/** The tag by which a ticket is found again. */
export const tagOf = ({ runKey }: TicketOrder): string => shortKey(runKey, LONGEST_TAG);

const Tickets = z.array(z.object({ id: z.int(), subject: maybe(z.string()), tags: maybe(z.array(z.string())) }));
const Texts = z.object({
  tags: maybe(z.array(z.string())),
  description: maybe(z.string()),
  description_text: maybe(z.string()),
});

/** By tag or, if the list shows none or an agent removed it, by the text. */
export async function findTicket(
  { api, settings: { domain } }: Desk<{ domain: string }>,
  { reference }: Requester,
  order: TicketOrder,
): Promise<string | undefined> {
  const tag = tagOf(order);
  const since = new Date(Date.parse(order.asOf) - DAY_MILLISECONDS).toISOString();
  const rows = await tickets(api, domain, reference, since);
  for (const { id, subject, tags } of rows.sort((a, b) => a.id - b.id)) {
    if (tags?.includes(tag)) return String(id);
    if (subject?.trim() !== order.title) continue;
    const answer = await api.send('GET', `/tickets/${id}`, { accept: [404, 405] });
    if (answer.status >= 400) continue;
    const ticket = api.parse(answer, Texts, 'GET', `/tickets/${id}`);
    const texts = [ticket.description_text, ticket.description];
    if (ticket.tags?.includes(tag) || texts.some((text) => mentions(text ?? '', order.runKey))) return String(id);
  }
  return undefined;
}

/** The requester's tickets. Errors: `ConfigurationError` if the domain is unknown. */
async function tickets(
  api: Api,
  domain: string,
  reference: Requester['reference'],
  since: string,
): Promise<z.output<typeof Tickets>> {
  const query = { ...reference, updated_since: since, order_by: 'created_at', order_type: 'desc' };
  try {
    return await all(api, '/tickets', Tickets, query);
  } catch (error) {
    if (!(error instanceof RefusedAnswer)) throw error;
    // The answer for an address that no contact has yet.
    if (error.status === 400 && 'email' in reference) return [];
    if (error.status !== 404) throw error;
    throw new ReportError(
      'ConfigurationError',
      `secrets/freshdesk.json: domain: ${freshdesk.name} does not answer at https://${domain}.freshdesk.com`,
    );
  }
}
