import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { numberOf } from '../delivery/lookup.ts';
import type { TicketOrder } from '../delivery/order.ts';
import { mentions } from '../delivery/run-key.ts';
import { halo } from './access.ts';
import { numbered } from './paging.ts';

/** Halo's clock may show local time: a ticket that looks this much older than the run may still be its own. */
const CLOCK_SLACK_MILLISECONDS = 48 * 3600 * 1000;

/**
 * The number of older tickets with the run's title that are read too: a run can be delivered again much later, under
 * the same id.
 */
const OLDER_READ = 12;

const Tickets = z.object({
  record_count: z.int(),
  tickets: z.array(z.object({ id: z.int(), summary: maybe(z.string()), dateoccurred: maybe(z.string()) })),
});
const Ticket = z.object({ details: maybe(z.string()), details_html: maybe(z.string()) });

/** Halo has no field for a foreign reference that every instance can be searched by: the key is in the text. */
export async function findTicket(api: Api, order: TicketOrder): Promise<string | undefined> {
  for (const id of await candidates(api, order)) {
    const query = { includedetails: true };
    const { details, details_html } = await api.get(`/Tickets/${id}`, { query, schema: Ticket });
    if ([details, details_html].some((text) => mentions(text ?? '', order.runKey))) return String(id);
  }
  return undefined;
}

/** Tickets of the run's title: those that may be as young as the run, the oldest first, then some that look older. */
async function candidates(api: Api, { ticket, title, asOf }: TicketOrder): Promise<number[]> {
  const earliest = Date.parse(asOf) - CLOCK_SLACK_MILLISECONDS;
  const young: number[] = [];
  const older: number[] = [];
  const query = { client_id: numberOf(halo.name, ticket, 'a client'), search_summary: title };
  const rows = api.pages(
    '/Tickets',
    { page: Tickets, rows: (page) => page.tickets, key: (row) => row.id },
    numbered(50, query),
  );
  for await (const { id, summary, dateoccurred } of rows) {
    if (summary?.trim() !== title) continue;
    (Date.parse(dateoccurred ?? '') < earliest ? older : young).push(id);
  }
  return [...young.sort((a, b) => a - b), ...older.sort((a, b) => b - a).slice(0, OLDER_READ)];
}
