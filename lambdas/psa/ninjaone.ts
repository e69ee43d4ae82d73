import * as z from 'zod/mini';
import { ninjaoneBase } from '../ninjaone.ts';
import { isReportError } from '../report/errors.ts';
import { maybe } from '../wire/forms.ts';
import { afterId, byToken } from '../wire/paging.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';
import { type Choice, namesOf, refusedMember, refusedSetting } from './delivery/choose.ts';
import { tagged, withExtra } from './delivery/extra.ts';
import { isSet, lookUp, lookUpAll, lookup, numberOf } from './delivery/lookup.ts';
import { multipart } from './delivery/multipart.ts';
import type { DeliveryFile, TicketMembers } from './delivery/order.ts';
import { type Attached, CANNOT_TELL, psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { FAULTS, refusedFile, refusedTicket } from './delivery/refused.ts';
import { htmlDescription, mentions, plainDescription } from './delivery/run-key.ts';
import { unlessUnserved } from './delivery/unserved.ts';
import { ninjaone } from './ninjaone/access.ts';
import { rights } from './ninjaone/rights.ts';

const { id, name } = ninjaone;

/** What `find` goes by. */
const FOUND_BY = ['subject', 'clientId'];

/** The API's own default: the parent of all new ones. */
const NEW = '1000';

/** The parents of every instance's statuses, for credentials that may not list them. */
const PARENTS = [
  { id: 1000, name: 'New' },
  { id: 2000, name: 'Open' },
  { id: 3000, name: 'Waiting' },
  { id: 6000, name: 'Closed' },
];

const COMMENTS = 500;
/** Rows of a board that are looked at. */
const ROWS = 100;

/** Rows of a search that do not show the key may be the ticket all the same; a board shows what it likes. */
const UNNAMED_ROWS_READ = 10;

const choicesOf = (values: readonly string[]): Choice[] =>
  values.map((value) => ({ id: value, name: value.toLowerCase().replaceAll('_', ' ') }));
const TYPES = choicesOf([
  ...['PROBLEM', 'QUESTION', 'INCIDENT', 'TASK', 'CHANGE_REQUEST', 'SERVICE_REQUEST', 'PROJECT', 'APPOINTMENT'],
  'MISCELLANEOUS',
]);
const PRIORITIES = choicesOf(['NONE', 'LOW', 'MEDIUM', 'HIGH']);

const Ticket = z.object({
  id: z.int(),
  clientId: maybe(z.int()),
  subject: maybe(z.string()),
  tags: maybe(z.array(z.string())),
  deleted: maybe(z.boolean()),
});
const Made = z.object({ id: z.int() });
const Forms = z.array(
  z.object({
    id: z.int(),
    name: z.string(),
    active: maybe(z.boolean()),
    default: maybe(z.boolean()),
  }),
);
const Statuses = z.array(
  z.object({
    statusId: z.int(),
    displayName: maybe(z.string()),
    name: maybe(z.string()),
  }),
);
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
/** A board names its columns as it likes. */
const idOf = (row: z.output<typeof Row>): number =>
  Number(Object.entries(row).find(([column]) => /^(ticket[ _]?)?id$/iu.test(column))?.[1]);
const People = z.array(z.object({ uid: maybe(z.string()), email: maybe(z.string()) }));
const text = maybe(z.string());
const Comments = z.array(z.object({ id: z.int(), body: text, htmlBody: text }));
const Organizations = z.array(z.object({ id: z.int(), name: z.string() }));

/** Comments do not list their files: what came with one is in its text, in characters that nothing escapes. */
const MARK = /\[billing-count file=(\S+) size=(\d+)\]/u;
const markOf = ({ name: file, bytes }: DeliveryFile) =>
  `[billing-count file=${encodeURIComponent(file).replace(/['()*~!]/gu, (sign) => `%${sign.charCodeAt(0).toString(16)}`)} size=${bytes.byteLength}]`;

function attachedBy(words: string | null | undefined): Attached[] {
  const [, file, size] = MARK.exec(words ?? '') ?? [];
  if (file === undefined) return [];
  try {
    return [{ name: decodeURIComponent(file), size: Number(size) }];
  } catch {
    return [];
  }
}

export default psa({
  ...ninjaone,
  setup: {
    create:
      'Administration > Apps > API > Client app IDs > Add: platform API Services (machine-to-machine), grant Client Credentials; NinjaOne Ticketing must be enabled. For boardId take a board that shows all tickets',
    rights,
  },
  members: {
    companyId: 'organization, by its number',
    board: 'ticket form; the default one where it is left out, or integrations.ninjaone.ticketFormId',
    status: 'status; a new ticket where it is left out',
    type: `type: ${TYPES.map(({ name: type }) => type).join(', ')}`,
    priority: `priority: ${PRIORITIES.map(({ name: priority }) => priority).join(', ')}`,
    contactEmail: 'requester: the user or contact with that e-mail address',
  },
  attachmentLimit: 5_000_000,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  // Instances of a region share one address.
  address: (settings) => `${ninjaoneBase(settings)} ${settings.clientId}`,
  operations(api, settings, session) {
    const { boardId } = settings;

    /** What the ticket says goes before what the integration says. */
    const withDefaults = (ticket: TicketMembers): TicketMembers => ({
      ...ticket,
      status: ticket.status ?? settings.status,
      type: ticket.type ?? settings.ticketType,
      priority: ticket.priority ?? settings.priority,
    });

    const forms = async () => {
      const all = await api.get('/v2/ticketing/ticket-form', { schema: Forms });
      return all.filter(({ active }) => active !== false);
    };

    async function statuses(): Promise<Choice[]> {
      const all = await api.get('/v2/ticketing/statuses', { schema: Statuses });
      return all.map(({ statusId, displayName, name: word }) => ({
        id: statusId,
        name: displayName ?? word ?? String(statusId),
      }));
    }

    /** The form that the ticket or the integration names, or else the default one, or the only one. */
    async function formFor(board: Choice | undefined): Promise<Choice> {
      const { ticketFormId } = settings;
      if (board !== undefined) return board;
      if (isSet(ticketFormId)) {
        return lookUp(lookup(forms), ticketFormId, (what) => refusedSetting({ id, name }, 'ticketFormId', what));
      }
      const all = (await unlessUnserved(forms)) ?? [];
      const [only] = all;
      const preset = all.find((form) => form.default === true) ?? (all.length === 1 ? only : undefined);
      if (preset !== undefined) return preset;
      throw refusedMember(name, 'board', `a ticket form is needed; there ${namesOf(all)}`);
    }

    async function requester({ contactEmail }: TicketMembers): Promise<Record<string, unknown>> {
      const { requesterUid } = settings;
      if (!isSet(contactEmail)) return isSet(requesterUid) ? { requesterUid } : {};
      const email = String(contactEmail).trim().toLowerCase();
      const query = { searchCriteria: email, pageSize: 100 };
      const people = async (path: string, asked = {}) => {
        const all = await unlessUnserved(() => api.get(path, { ...asked, schema: People }));
        return all?.find((person) => person.email?.trim().toLowerCase() === email)?.uid;
      };
      const uid =
        (await people('/v2/ticketing/app-user-contact', { query })) ?? (await people('/v2/ticketing/contact/contacts'));
      if (!isSet(uid)) throw refusedMember(name, 'contactEmail', `no user or contact has ${contactEmail}`);
      return { requesterUid: uid };
    }

    /**
     * `isCut`: more rows may follow, in an unknown order.
     * Errors: `ConfigurationError` with the boards there are, where this one is none of them.
     */
    async function run(
      board: number,
      client: number,
      searchCriteria?: string,
    ): Promise<{ rows: z.output<typeof Row>[]; isCut: boolean }> {
      const path = `/v2/ticketing/trigger/board/${board}/run`;
      const plain = { pageSize: ROWS, ...(searchCriteria === undefined ? {} : { searchCriteria }) };
      // The names of fields are not documented, and an unknown one is refused: then the board is run as it is.
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
      throw refusedSetting({ id, name }, 'boardId', `there is no board ${board}; there ${namesOf(boards)}`);
    }

    return {
      /** A board is all there is to search, and what its search looks at is not documented: its newest rows are looked at too. */
      async find(order) {
        if (!isSet(boardId)) return CANNOT_TELL;
        const { runKey } = order;
        const client = numberOf(name, order.ticket, 'an organization');
        const shows = (row: z.output<typeof Row>) =>
          Object.values(row).some((value) =>
            mentions(typeof value === 'string' ? value : JSON.stringify(value ?? ''), runKey),
          );
        const oldestOf = async (rows: readonly z.output<typeof Row>[]): Promise<string | undefined> => {
          const ids = rows.map(idOf).filter((ticketId) => Number.isInteger(ticketId));
          for (const ticketId of ids.sort((a, b) => a - b)) {
            const ticket = await unlessUnserved(() => api.get(`/v2/ticketing/ticket/${ticketId}`, { schema: Ticket }));
            if (ticket === undefined) continue;
            const marks = [ticket.subject ?? '', ...(ticket.tags ?? [])];
            const isOurs = marks.some((words) => mentions(words, runKey)) && (ticket.clientId ?? client) === client;
            if (isOurs && ticket.deleted !== true) return String(ticketId);
          }
          return undefined;
        };
        const { rows: hits } = await run(boardId, client, runKey);
        const marked = hits.filter(shows);
        const found = await oldestOf(marked.length > 0 ? marked : hits.slice(0, UNNAMED_ROWS_READ));
        if (found !== undefined) return found;
        const { rows, isCut } = await run(boardId, client);
        const isHidden = [...hits, ...rows.filter(shows)].some((row) => !Number.isInteger(idOf(row)));
        return (await oldestOf(rows.filter(shows))) ?? (isCut || isHidden ? CANNOT_TELL : undefined);
      },
      async prepare(order) {
        const { ticket } = order;
        const { severity, assignedAppUserId } = settings;
        const chosen = await lookUpAll(name, withDefaults(ticket), {
          board: lookup(forms),
          status: lookup(statuses, PARENTS),
          type: lookup(async () => TYPES),
          priority: lookup(async () => PRIORITIES),
        });
        const form = await formFor(chosen.board);
        const body = {
          clientId: numberOf(name, ticket, 'an organization'),
          ticketFormId: form.id,
          subject: `${order.title} [${order.runKey}]`,
          status: String(chosen.status?.id ?? NEW),
          // A public one is mailed to the requester.
          description: { public: false, body: plainDescription(order), htmlBody: htmlDescription(order) },
          type: chosen.type?.id,
          priority: chosen.priority?.id,
          severity: severity ?? undefined,
          ...(await requester(ticket)),
          assignedAppUserId: assignedAppUserId ?? undefined,
          tags: settings.tags ?? undefined,
        };
        const merged = withExtra(name, body, ticket, FOUND_BY);
        const json = { ...merged, tags: tagged(merged.tags, order.runKey) };
        return async () => {
          const answer = await api.send('POST', '/v2/ticketing/ticket', { json, accept: [400, ...FAULTS] });
          if (answer.status >= 400) throw refusedTicket(name, answer, session);
          return String(api.parse(answer, Made, 'POST', '/v2/ticketing/ticket').id);
        };
      },
      isGone: async (ticketId) =>
        (await api.send('GET', `/v2/ticketing/ticket/${ticketId}`, { accept: [404] })).status === 404,
      /** Tokens of an application were long answered with 500 here: then nobody can say. */
      async attachments(ticketId) {
        const rows = api.pages(
          `/v2/ticketing/ticket/${ticketId}/log-entry`,
          { page: Comments, rows: (page) => page, key: (entry) => entry.id },
          byToken<z.output<typeof Comments>>({
            param: 'anchorId',
            query: { type: 'COMMENT', pageSize: COMMENTS },
            next: (page) => (page.length < COMMENTS ? undefined : page.at(-1)?.id),
          }),
        );
        const held: Attached[] = [];
        try {
          for await (const { body, htmlBody } of rows) {
            const [file] = [...attachedBy(body), ...attachedBy(htmlBody)];
            if (file !== undefined) held.push(file);
          }
        } catch (error) {
          if (isReportError(error, 'VendorUnavailableError') || error instanceof RefusedAnswer) return CANNOT_TELL;
          throw error;
        }
        return held;
      },
      async attach(ticketId, file) {
        const comment = { public: false, body: `Attached: ${markOf(file)}` };
        const { bytes, headers } = multipart([
          // Without a type of its own this part is refused.
          { name: 'comment', value: JSON.stringify(comment), contentType: 'application/json' },
          { name: 'files', file },
        ]);
        const path = `/v2/ticketing/ticket/${ticketId}/comment`;
        const answer = await api.send('POST', path, { bytes, headers, accept: [400, ...FAULTS] });
        if (answer.status >= 400) throw refusedFile(name, file, answer, session, 'attach it by hand');
      },
      link: (ticketId) => `${ninjaoneBase(settings)}/#/ticketing/ticket/${ticketId}`,
      async *companies() {
        const rows = api.pages(
          '/v2/organizations',
          { page: Organizations, rows: (page) => page, key: (row) => row.id },
          afterId({ param: 'after', size: { param: 'pageSize', value: 1000 } }),
        );
        for await (const organization of rows) yield { id: String(organization.id), name: organization.name };
      },
    };
  },
});
