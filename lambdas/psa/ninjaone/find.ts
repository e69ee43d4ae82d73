import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { namesOf, refusedSetting } from '../delivery/choose.ts';
import { isSet, numberOf } from '../delivery/lookup.ts';
import { CANNOT_TELL } from '../delivery/operations.ts';
import type { TicketOrder } from '../delivery/order.ts';
import { mentions } from '../delivery/run-key.ts';
import { unlessUnserved } from '../delivery/unserved.ts';
import { ninjaone } from './access.ts';

/** How many rows of a board are read. */
const ROWS = 100;

/** Rows of a search that do not show the key can still be the ticket: a board can show any columns. */
const UNNAMED_ROWS_READ = 10;

const Ticket = z.object({
  id: z.int(),
  clientId: maybe(z.int()),
  subject: maybe(z.string()),
  tags: maybe(z.array(z.string())),
  deleted: maybe(z.boolean()),
});
const Boards = z.array(z.object({ id: z.int(), name: z.string() }));
/** A row is keyed by the names of the board's columns. */
const Row = z.record(z.string(), z.unknown());
const Rows = z.union([
  z.array(Row),
  z.pipe(
    z.object({ data: z.array(Row) }),
    z.transform(({ data }) => data),
  ),
]);
/** A board can give its columns any names. */
const idOf = (row: z.output<typeof Row>): number =>
  Number(Object.entries(row).find(([column]) => /^(ticket[ _]?)?id$/iu.test(column))?.[1]);

type Row = z.output<typeof Row>;

const pathOf = (ticketId: string | number): string => `/v2/ticketing/ticket/${ticketId}`;

/** A deleted ticket can still be read. */
export async function isGone(api: Api, ticketId: string): Promise<boolean> {
  const path = pathOf(ticketId);
  const answer = await api.send('GET', path, { accept: [404] });
  return answer.status === 404 || api.parse(answer, Ticket, 'GET', path).deleted === true;
}

/**
 * Only boards can be searched, and it is not documented what their search covers, so a board's newest rows are read
 * too.
 */
export async function findTicket(
  api: Api,
  boardId: number | null | undefined,
  { ticket, runKey }: TicketOrder,
): Promise<string | undefined | typeof CANNOT_TELL> {
  if (!isSet(boardId)) return CANNOT_TELL;
  const client = numberOf(ninjaone.name, ticket, 'an organization');
  const shows = (row: Row) =>
    Object.values(row).some((value) =>
      mentions(typeof value === 'string' ? value : JSON.stringify(value ?? ''), runKey),
    );
  const { rows: hits } = await run(api, boardId, client, runKey);
  const marked = hits.filter(shows);
  const oldest = await oldestOf(api, marked.length > 0 ? marked : hits.slice(0, UNNAMED_ROWS_READ), client, runKey);
  if (oldest !== undefined) return oldest;
  const { rows, isCut } = await run(api, boardId, client);
  const isHidden = [...hits, ...rows.filter(shows)].some((row) => !Number.isInteger(idOf(row)));
  return (await oldestOf(api, rows.filter(shows), client, runKey)) ?? (isCut || isHidden ? CANNOT_TELL : undefined);
}

/** The oldest ticket among these rows that is the client's and has the run key. */
async function oldestOf(api: Api, rows: readonly Row[], client: number, runKey: string): Promise<string | undefined> {
  const ids = rows.map(idOf).filter((ticketId) => Number.isInteger(ticketId));
  for (const ticketId of ids.sort((a, b) => a - b)) {
    const ticket = await unlessUnserved(() => api.get(pathOf(ticketId), { schema: Ticket }));
    if (ticket === undefined) continue;
    const marks = [ticket.subject ?? '', ...(ticket.tags ?? [])];
    const isOurs = marks.some((words) => mentions(words, runKey)) && (ticket.clientId ?? client) === client;
    if (isOurs && ticket.deleted !== true) return String(ticketId);
  }
  return undefined;
}

/**
 * `isCut`: more rows may follow, in an unknown order.
 * Errors: `ConfigurationError` with the existing boards, if this is not one of them.
 */
async function run(
  api: Api,
  board: number,
  client: number,
  searchCriteria?: string,
): Promise<{ rows: Row[]; isCut: boolean }> {
  const path = `/v2/ticketing/trigger/board/${board}/run`;
  const plain = { pageSize: ROWS, ...(searchCriteria === undefined ? {} : { searchCriteria }) };
  // The names of fields are not documented, and an unknown one is refused: then the board is run unchanged.
  const full = {
    ...plain,
    sortBy: [{ field: 'lastUpdated', direction: 'DESC' }],
    filters: [{ field: 'clientId', operator: 'is', value: String(client) }],
  };
  const send = (json: object, accept: number[]) => api.send('POST', path, { json, reads: true, accept });
  const first = await send(full, [400, 404]);
  const answer = first.status === 400 ? await send(plain, [404]) : first;
  if (answer.status !== 404) {
    const rows = api.parse(answer, Rows, 'POST', path);
    return { rows, isCut: first.status === 400 && rows.length >= ROWS };
  }
  const boards = await api.get('/v2/ticketing/trigger/boards', { schema: Boards });
  throw refusedSetting(ninjaone, 'boardId', `there is no board ${board}; there ${namesOf(boards)}`);
}
