import * as z from 'zod/mini';
import { isReportError } from '../report/errors.ts';
import { type Choice, refusedMember } from './delivery/choose.ts';
import { withExtra } from './delivery/extra.ts';
import { isSet, lookUpAll, lookup } from './delivery/lookup.ts';
import { multipart, type Part } from './delivery/multipart.ts';
import type { DeliveryFile, TicketMembers, TicketOrder } from './delivery/order.ts';
import { CANNOT_TELL, psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { refusedFile } from './delivery/refused.ts';
import { htmlDescription, mentions } from './delivery/run-key.ts';
import { twiceIfNeedBe } from './delivery/unknown.ts';
import { superops } from './superops/access.ts';
import { graphql, name, wordsOf } from './superops/graphql.ts';
import { readRows } from './superops/lists.ts';
import { rights } from './superops/rights.ts';

/** Times come in UTC without a zone; a ticket that looks this much older than the run may still be its own. */
const CLOCK_SLACK_MILLISECONDS = 48 * 3600 * 1000;

/** Where the filter on the title is not heeded: strange tickets older than the run that are looked at before the search ends. */
const OLDER_LOOKED_AT = 100;

/** What `find` goes by. */
const FOUND_BY = ['subject', 'client', 'site'];

const UPLOAD = '/upload';
const MODULE = 'TICKET_CONVERSATION_ATTACHMENT';

/** Nineteen digits: never a number. */
const id = z.pipe(z.union([z.string().check(z.minLength(1)), z.int()]), z.transform(String));
const size = z.pipe(z.union([z.string().check(z.regex(/^\d+$/u)), z.int()]), z.transform(Number));

const Owner = z.optional(z.nullable(z.object({ accountId: z.optional(id), id: z.optional(id) })));
const Ticket = z.object({
  ticketId: id,
  subject: z.optional(z.nullable(z.string())),
  createdTime: z.optional(z.nullable(z.string())),
  client: Owner,
  site: Owner,
});
const SingleTicket = z.object({ getTicket: z.nullable(z.object({ ticketId: id })) });
const Made = z.object({ createTicket: z.object({ ticketId: id }) });
const Noted = z.object({ createTicketNote: z.object({ noteId: id }) });
const Uploaded = z.object({
  data: z.tuple([z.object({ fileName: z.string(), originalFileName: z.string(), fileSize: size })]),
});
const Named = z.array(z.object({ id, name: z.string() }));
const Groups = z.object({ getTechnicianGroupList: z.array(z.object({ groupId: id, name: z.string() })) });
const Fields = z.object({
  getFields: z.array(
    z.object({
      columnName: z.string(),
      options: z.optional(z.nullable(z.array(z.object({ id, value: z.optional(z.nullable(z.string())) })))),
    }),
  ),
});
const Users = z.object({
  getClientUserList: z.object({
    userList: z.array(z.object({ userId: id, email: z.optional(z.nullable(z.string())) })),
  }),
});
const Client = z.object({
  accountId: id,
  name: z.string(),
  stage: z.optional(z.nullable(z.string())),
  emailDomains: z.optional(z.nullable(z.array(z.string()))),
});
const Site = z.object({ id, name: z.string() });
const Holder = z.object({
  type: z.optional(z.nullable(z.string())),
  attachments: z.optional(z.nullable(z.array(z.object({ originalFileName: z.string(), fileSize: size })))),
});
/** Documented as one object in the sample and as a list elsewhere. */
const Holders = z.nullable(z.union([z.array(Holder), Holder]));

/** What `look` finds out; undefined where SuperOps refuses the query: no right to it, or no such query. */
async function unlessRefused<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isReportError(error, 'VendorContractError') || isReportError(error, 'VendorAuthError')) return undefined;
    throw error;
  }
}

export default psa({
  ...superops,
  setup: {
    create:
      'Settings > My Profile > API token > generate, as a service technician: a new token ends the old one. The subdomain is under Settings > MSP Information',
    rights,
  },
  members: {
    companyId: 'client (for IT teams: site), by its id, written in quotes',
    board: 'technician group',
    status: 'status',
    type: 'request type, by its name: SuperOps lists none',
    priority: 'priority',
    contactEmail: 'requester: the user of the client with that e-mail address',
  },
  attachmentLimit: 5_000_000,
  carriesFiles: true,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  address: ({ region, product, subDomain }) => `${region} ${product} ${subDomain.toLowerCase()}`,
  operations(api, { subDomain, product, clientStage, webBaseUrl }, session) {
    const transport = graphql(api, `/${product}`, session);
    const { query, mutate } = transport;
    const isMsp = product === 'msp';

    function ownerOf({ companyId }: TicketMembers): string {
      if (typeof companyId === 'string' || Number.isSafeInteger(companyId)) return String(companyId).trim();
      throw refusedMember(name, 'companyId', 'an id has more digits than a JSON number keeps: write it in quotes');
    }

    /** The key is in the title: nothing else is known to be searchable. */
    const subjectOf = ({ title, runKey }: TicketOrder) => `${title} [${runKey}]`;

    /** Newest first, so the last that fits is the oldest; far behind the run there is no use in looking on. */
    async function oldest(order: TicketOrder, condition?: Record<string, unknown>): Promise<string | undefined> {
      const owner = ownerOf(order.ticket);
      const earliest = Date.parse(order.asOf) - CLOCK_SLACK_MILLISECONDS;
      let found: string | undefined;
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
        if (mentions(title, order.runKey) && (theirs === undefined || theirs === owner)) found = ticketId;
        const isOlder = Date.parse(`${(createdTime ?? '').replace(/Z$/u, '')}Z`) < earliest;
        if (isOlder && !title.includes(order.runKey)) older += 1;
        if (older >= OLDER_LOOKED_AT) break;
      }
      return found;
    }

    /** The IT product has no lists of its own: the field itself lists what it may hold. */
    async function valuesOf(column: 'status' | 'priority'): Promise<Choice[]> {
      if (isMsp) {
        const list = column === 'status' ? 'getStatusList' : 'getPriorityList';
        const answer = await query(`query { ${list} { id name } }`, {}, z.object({ [list]: Named }));
        return answer[list] ?? [];
      }
      const input = [{ module: 'TICKET', columnName: column }];
      const document = `query($input: [FieldIdentifierInput!]!) { getFields(input: $input) { columnName options { id value } } }`;
      const { getFields } = await query(document, { input }, Fields);
      const options = getFields.find(({ columnName }) => columnName === column)?.options ?? [];
      return options.map(({ id: option, value }) => ({ id: option, name: value ?? option }));
    }

    async function groups(): Promise<Choice[]> {
      const { getTechnicianGroupList } = await query('query { getTechnicianGroupList { groupId name } }', {}, Groups);
      return getTechnicianGroupList.map(({ groupId, name: group }) => ({ id: groupId, name: group }));
    }

    async function requester({ contactEmail }: TicketMembers, owner: string): Promise<Record<string, unknown>> {
      if (!isSet(contactEmail)) return {};
      if (!isMsp)
        throw refusedMember(name, 'contactEmail', 'the product for IT teams has no clients to look one up in');
      const email = String(contactEmail).trim();
      const condition = { attribute: 'email', operator: 'is', value: email };
      const input = { clientId: owner, listInfo: { page: 1, pageSize: 100, condition } };
      const document = `query($input: GetClientUserListInput!) { getClientUserList(input: $input) { userList { userId email } } }`;
      const users = await unlessRefused(async () => (await query(document, { input }, Users)).getClientUserList);
      if (users === undefined) return {};
      const found = users.userList.find((user) => user.email?.trim().toLowerCase() === email.toLowerCase());
      if (found === undefined) throw refusedMember(name, 'contactEmail', `client ${owner} has no user with ${email}`);
      return { requester: { userId: found.userId } };
    }

    /** The attachments of one kind of entry; undefined where SuperOps does not show it. */
    async function holders(list: string, select: string, ticketId: string) {
      const document = `query($input: TicketIdentifierInput!) { ${list}(input: $input) { ${select} attachments { fileName originalFileName fileSize } } }`;
      const answer = await unlessRefused(() => query(document, { input: { ticketId } }, z.object({ [list]: Holders })));
      return answer === undefined ? undefined : [answer[list] ?? []].flat();
    }

    /** Uploads a file for a ticket yet to be made, or for one that is there. What no ticket takes is seen by nobody. */
    async function upload(file: DeliveryFile, ticketId?: string): Promise<Record<string, string>> {
      const parts: Part[] = [
        { name: 'module', value: MODULE },
        ...(ticketId === undefined ? [] : [{ name: 'details', value: JSON.stringify({ ticketId }) }]),
        { name: 'files', file },
      ];
      const answer = await api.send('POST', UPLOAD, { ...multipart(parts), reads: true, accept: [400] });
      const body = answer.status === 400 ? undefined : api.parse(answer, z.looseObject({}), 'POST', UPLOAD);
      if (body === undefined || (Array.isArray(body.errors) && body.errors.length > 0)) {
        throw refusedFile(name, file, answer, session, 'attach it by hand', { read: wordsOf });
      }
      const [{ fileName, originalFileName, fileSize }] = api.check(Uploaded, body, `POST ${UPLOAD}`).data;
      return { fileName, originalFileName, fileSize: String(fileSize) };
    }

    return {
      /** Should the filter be refused, the tickets since the run are read without it. */
      async find(order) {
        try {
          return await oldest(order, { attribute: 'subject', operator: 'contains', value: order.runKey });
        } catch (error) {
          if (!isReportError(error, 'VendorContractError')) throw error;
          return oldest(order);
        }
      },
      async prepare(order) {
        const { ticket, files = [] } = order;
        const owner = ownerOf(ticket);
        const { board, status, priority } = await lookUpAll(name, ticket, {
          status: lookup(() => valuesOf('status')),
          priority: lookup(() => valuesOf('priority')),
          board: lookup(groups),
        });
        const members = {
          subject: subjectOf(order),
          ...(isMsp ? { client: { accountId: owner } } : { site: { id: owner } }),
          source: 'INTEGRATION',
          description: htmlDescription(order),
          status: status?.name,
          priority: priority?.name,
          requestType: isSet(ticket.type) ? String(ticket.type) : undefined,
          techGroup: board === undefined ? undefined : { groupId: board.id },
          ...(await requester(ticket, owner)),
          subSource: 'billing-count-report',
          sourceReferenceId: order.runKey,
        };
        const descriptionAttachments: Record<string, string>[] = [];
        for (const file of files) descriptionAttachments.push(await twiceIfNeedBe(() => upload(file)));
        const input = withExtra(
          name,
          files.length === 0 ? members : { ...members, descriptionAttachments },
          ticket,
          FOUND_BY,
        );
        return async () => {
          const document =
            'mutation($input: CreateTicketInput!) { createTicket(input: $input) { ticketId displayId } }';
          return (await mutate(document, { input }, Made)).createTicket.ticketId;
        };
      },
      async isGone(ticketId) {
        const document = 'query($input: TicketIdentifierInput!) { getTicket(input: $input) { ticketId } }';
        const answer = await query(document, { input: { ticketId } }, SingleTicket).catch((error: unknown) => {
          if (isReportError(error, 'VendorContractError') && /entity_does_not_exist/u.test(error.message))
            return undefined;
          throw error;
        });
        return answer === undefined || answer.getTicket === null;
      },
      async attachments(ticketId, created) {
        const conversations = await holders('getTicketConversationList', 'conversationId type', ticketId);
        const notes = await holders('getTicketNoteList', 'noteId', ticketId);
        const held = [...(conversations ?? []), ...(notes ?? [])]
          .flatMap(({ attachments }) => attachments ?? [])
          .map(({ originalFileName, fileSize }) => ({ name: originalFileName, size: fileSize }));
        if (held.length > 0) return held;
        // The description, and what came with it, is the first entry of a conversation: without it nothing is known of them.
        const isShown = created !== true || conversations?.some(({ type }) => type === 'DESCRIPTION') === true;
        return isShown && conversations !== undefined ? held : CANNOT_TELL;
      },
      async attach(ticketId, file) {
        const attachment = await twiceIfNeedBe(() => upload(file, ticketId));
        const input = {
          ticket: { ticketId },
          content: file.name,
          attachments: [attachment],
          privacyType: 'PRIVATE',
        };
        const document = 'mutation($input: CreateTicketNoteInput!) { createTicketNote(input: $input) { noteId } }';
        await mutate(document, { input }, Noted);
      },
      link: (ticketId) =>
        `${(webBaseUrl ?? `https://${subDomain}.superops.ai`).replace(/\/$/u, '')}/#/tickets/${ticketId}/ticket`,
      async *companies() {
        const common = { sort: { attribute: 'name', order: 'ASC' }, checksTotal: true } as const;
        if (!isMsp) {
          const sites = { query: 'getSiteList', rows: 'sites', select: 'id name', row: Site };
          yield* readRows(transport, { ...common, ...sites, idOf: (site: { id: string }) => site.id });
          return;
        }
        const clients = readRows(transport, {
          ...common,
          query: 'getClientList',
          rows: 'clients',
          select: 'accountId name stage status emailDomains',
          row: Client,
          idOf: ({ accountId }) => accountId,
        });
        for await (const { accountId, name: client, stage, emailDomains } of clients) {
          const isListed = clientStage === null || stage?.toLowerCase() === clientStage.toLowerCase();
          if (isListed) yield { id: accountId, name: client, domains: emailDomains ?? [] };
        }
      },
    };
  },
});
