import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { numberOf } from '../delivery/lookup.ts';
import type { TicketOrder } from '../delivery/order.ts';
import { mentions } from '../delivery/run-key.ts';
import { unlessUnserved } from '../delivery/unserved.ts';
import { enveloped, failed, listRows, name, readResult, searchRows } from './envelope.ts';

const TICKETS = '/v2/servicedesk/tickets';

const text = maybe(z.string());
const Ticket = z.object({ id: z.int(), title: text, details: text, accountid: maybe(z.int()) });

/**
 * A ticket has no field for a foreign reference: the key is in the text, and BMS filters loosely. All months are
 * searched: a run can be delivered again much later, under the same id.
 */
export async function findTicket(api: Api, order: TicketOrder): Promise<string | undefined> {
  const account = numberOf(name, order.ticket, 'an account');
  const filter = { Title: order.title, AccountIds: String(account), ExcludeCompleted: 0 };
  const search = () => searchRows(api, `${TICKETS}/search`, Ticket, filter);
  const ids: number[] = [];
  for (const { id, title, details, accountid } of (await unlessUnserved(search)) ?? (await listed(api, filter))) {
    if (title?.trim() !== order.title || (accountid ?? account) !== account) continue;
    if (mentions(details ?? (await detailsOf(api, id)), order.runKey)) ids.push(id);
  }
  return ids.length === 0 ? undefined : String(Math.min(...ids));
}

const ABSENT = /not (be )?found|not exist|no such/iu;

/** Errors: `VendorContractError` for any other failure than that the ticket is not there. */
export async function isGone(api: Api, ticketId: string): Promise<boolean> {
  const path = `${TICKETS}/${ticketId}`;
  const answer = await api.send('GET', path, { accept: [404] });
  if (answer.status === 404) return true;
  const body = api.parse(answer, enveloped(z.unknown()), 'GET', path);
  if (body.success) return false;
  const failure = failed(`GET ${path}`, body.error);
  if (ABSENT.test(failure.message)) return true;
  throw failure;
}

/** The same search by GET. */
function listed(api: Api, filter: Record<string, string | number>): Promise<z.output<typeof Ticket>[]> {
  const query = Object.fromEntries(Object.entries(filter).map(([member, value]) => [`Filter.${member}`, value]));
  return Array.fromAsync(listRows(api, TICKETS, Ticket, query));
}

const detailsOf = async (api: Api, id: number): Promise<string> =>
  (await readResult(api, `${TICKETS}/${id}`, Ticket)).details ?? '';
