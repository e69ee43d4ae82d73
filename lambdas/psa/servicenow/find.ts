import * as z from 'zod/mini';
import { maybe } from '../../wire/forms.ts';
import { refusedSetting } from '../delivery/choose.ts';
import type { Desk } from '../delivery/making.ts';
import { CANNOT_TELL } from '../delivery/operations.ts';
import type { TicketOrder } from '../delivery/order.ts';
import { wordsOf } from '../delivery/refused.ts';
import { servicenow } from './access.ts';
import { pathOf, value, wordsIn } from './table.ts';

/**
 * Rows asked for by run key: there is more than one only if they differ in case alone, or if ServiceNow ignored the
 * key.
 */
const FOUND_LIMIT = 10;

const Found = z.object({ result: z.array(z.object({ sys_id: z.string(), correlation_id: maybe(z.string()) })) });

/**
 * ServiceNow drops the parts of a query that it does not understand, and answers with every row: only the key itself
 * counts.
 */
export async function findTicket(
  { api, session, settings: { table } }: Desk<{ table: string }>,
  { runKey }: TicketOrder,
): Promise<string | undefined | typeof CANNOT_TELL> {
  const query = {
    sysparm_query: `correlation_id=${value(runKey)}^ORDERBYsys_created_on`,
    sysparm_fields: 'sys_id,number,correlation_id',
    sysparm_limit: FOUND_LIMIT,
  };
  const answer = await api.send('GET', pathOf(table), { query, accept: [400, 404] });
  if (answer.status >= 400) {
    const words = wordsOf(answer, session, wordsIn);
    throw refusedSetting(servicenow, 'table', `${table} cannot be read (${words})`);
  }
  const { result } = api.parse(answer, Found, 'GET', pathOf(table));
  const ticket = result.find(({ correlation_id }) => correlation_id === runKey);
  if (ticket !== undefined) return ticket.sys_id;
  // Without the column, or the right to read it, the key was not looked for: only our own records prevent a second
  // ticket.
  return result.some(({ correlation_id }) => correlation_id === undefined) ? CANNOT_TELL : undefined;
}
