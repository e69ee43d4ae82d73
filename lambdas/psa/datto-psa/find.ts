import * as z from 'zod/mini';
import { maybe } from '../../wire/forms.ts';
import { numberOf } from '../delivery/lookup.ts';
import type { TicketOrder } from '../delivery/order.ts';
import { mentions, shortKey } from '../delivery/run-key.ts';
import type { Autotask, Filter } from './autotask.ts';
import { name } from './refusal.ts';

const LONGEST_EXTERNAL_ID = 50;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** The foreign id by which a ticket is found again. */
export const externalIdOf = ({ runKey }: TicketOrder): string => shortKey(runKey, LONGEST_EXTERNAL_ID);

export const Found = z.object({ id: z.int(), externalID: maybe(z.string()), description: maybe(z.string()) });
type Found = z.output<typeof Found>;

/** By the foreign id; else by the text, for tenants where another tool overwrites foreign ids. */
export async function findTicket(zone: Autotask, order: TicketOrder): Promise<string | undefined> {
  const { runKey, title, asOf, ticket } = order;
  const companyID = numberOf(name, ticket);
  const externalId = externalIdOf(order);
  const marked = await oldest(
    zone,
    [{ op: 'eq', field: 'externalID', value: externalId }],
    ({ externalID }) => externalID === externalId,
  );
  if (marked !== undefined) return marked;
  const earliest = new Date(Date.parse(asOf) - DAY_MILLISECONDS).toISOString();
  const filter: Filter[] = [
    { op: 'eq', field: 'title', value: title },
    { op: 'eq', field: 'companyID', value: companyID },
    { op: 'gte', field: 'createDate', value: earliest },
  ];
  return oldest(zone, filter, ({ description }) => mentions(description ?? '', runKey));
}

async function oldest(zone: Autotask, filter: Filter[], isOurs: (row: Found) => boolean): Promise<string | undefined> {
  const rows = await Array.fromAsync(zone.query('Tickets', Found, ['title', 'externalID', 'description'], filter));
  const ids = rows.filter(isOurs).map(({ id }) => id);
  return ids.length === 0 ? undefined : String(Math.min(...ids));
}
