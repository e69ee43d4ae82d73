import * as z from 'zod/mini';
import { isReportError } from '../../report/errors.ts';
import { maybe } from '../../wire/forms.ts';
import { refusedMember } from '../delivery/choose.ts';
import type { TicketMembers, TicketOrder } from '../delivery/order.ts';
import { mentions } from '../delivery/run-key.ts';
import { type Graphql, id, name } from './graphql.ts';
import { readRows } from './lists.ts';

/** Times come in UTC without a zone; a ticket that looks this much older than the run may still be its own. */
const CLOCK_SLACK_MILLISECONDS = 48 * 3600 * 1000;

/**
 * If the filter on the title is ignored: how many unrelated tickets older than the run are read before the search ends.
 */
const OLDER_LOOKED_AT = 100;

const Owner = maybe(z.object({ accountId: z.optional(id), id: z.optional(id) }));
const Ticket = z.object({
  ticketId: id,
  subject: maybe(z.string()),
  createdTime: maybe(z.string()),
  client: Owner,
  site: Owner,
});

/** The client, or for IT teams the site, that the ticket is for. */
export function ownerOf({ companyId }: TicketMembers): string {
  if (typeof companyId === 'string' || Number.isSafeInteger(companyId)) return String(companyId).trim();
  throw refusedMember(name, 'companyId', 'an id has more digits than a JSON number keeps: write it in quotes');
}

/** The key is in the title: nothing else is known to be searchable. */
export const subjectOf = ({ title, runKey }: TicketOrder): string => `${title} [${runKey}]`;

/** If the filter is refused, the tickets since the run are read without it. */
export async function findTicket(transport: Graphql, order: TicketOrder): Promise<string | undefined> {
  try {
    return await oldest(transport, order, { attribute: 'subject', operator: 'contains', value: order.runKey });
  } catch (error) {
    if (!isReportError(error, 'VendorContractError')) throw error;
    return oldest(transport, order);
  }
}

/** Newest first, so the last match is the oldest. Tickets much older than the run are not searched. */
async function oldest(transport: Graphql, order: TicketOrder, condition?: object): Promise<string | undefined> {
  const { isMsp } = transport;
  const owner = ownerOf(order.ticket);
  const earliest = Date.parse(order.asOf) - CLOCK_SLACK_MILLISECONDS;
  let oldestId: string | undefined;
  let older = 0;
  for await (const { ticketId, subject, createdTime, client, site } of readRows(transport, {
    query: 'getTicketList',
    rows: 'tickets',
    select: `ticketId subject createdTime ${isMsp ? 'client' : 'site'}`,
    row: Ticket,
    idOf: (row) => row.ticketId,
    sort: { attribute: 'createdTime', order: 'DESC' },
    ...(condition === undefined ? {} : { condition }),
  })) {
    const theirs = isMsp ? client?.accountId : site?.id;
    const title = subject ?? '';
    if (mentions(title, order.runKey) && (theirs === undefined || theirs === owner)) oldestId = ticketId;
    const isOlder = Date.parse(`${(createdTime ?? '').replace(/Z$/u, '')}Z`) < earliest;
    if (isOlder && !title.includes(order.runKey)) older += 1;
    if (older >= OLDER_LOOKED_AT) break;
  }
  return oldestId;
}
