import * as z from 'zod/mini';
import { filled, maybe } from '../wire/forms.ts';
import { type Choice, refusedMember, refusedSetting } from './delivery/choose.ts';
import { withExtra } from './delivery/extra.ts';
import { fitted } from './delivery/fit.ts';
import { isSet, lookUpAll, lookup } from './delivery/lookup.ts';
import type { TicketMembers } from './delivery/order.ts';
import { type Attached, CANNOT_TELL, psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { FAULTS, refusedFile, refusedTicket, wordsOf } from './delivery/refused.ts';
import { plainDescription } from './delivery/run-key.ts';
import { unlessUnserved } from './delivery/unserved.ts';
import { CUSTOMERS, servicenow } from './servicenow/access.ts';
import { rights } from './servicenow/rights.ts';
import { name, origin, rows, value, wordsIn } from './servicenow/table.ts';

const { id } = servicenow;
const SYS_ID = /^[0-9a-f]{32}$/iu;

/** Rows asked for by run key: more than one only where case alone tells them apart, or where the key was not asked for. */
const FOUND_LIMIT = 10;
/** More than a ticket of ours will ever hold. */
const ATTACHMENTS_LISTED = 1000;

/** ServiceNow computes the priority from these two; the pairs are those of its own rules. */
const PRIORITIES = [
  { id: 1, name: 'Critical', impact: '1', urgency: '1' },
  { id: 2, name: 'High', impact: '1', urgency: '2' },
  { id: 3, name: 'Moderate', impact: '2', urgency: '2' },
  { id: 4, name: 'Low', impact: '2', urgency: '3' },
  { id: 5, name: 'Planning', impact: '3', urgency: '3' },
];

/** What an incident's states are where nobody renamed them; for a user who may not read the choices. */
const INCIDENT_STATES = [
  { id: '1', name: 'New' },
  { id: '2', name: 'In Progress' },
  { id: '3', name: 'On Hold' },
  { id: '6', name: 'Resolved' },
  { id: '7', name: 'Closed' },
  { id: '8', name: 'Canceled' },
];

const Found = z.object({
  result: z.array(z.object({ sys_id: z.string(), correlation_id: maybe(z.string()) })),
});
const Made = z.object({ result: z.object({ sys_id: filled }) });
const Named = z.object({ sys_id: z.string(), name: z.string() });
const Company = z.object({ sys_id: z.string(), name: z.string(), customer: z.optional(z.string()) });
const User = z.object({ sys_id: z.string(), email: z.optional(z.string()) });
const Row = z.object({ sys_id: z.string() });
const Option = z.object({
  sys_id: z.string(),
  name: z.string(),
  element: z.string(),
  label: z.string(),
  value: z.string(),
  inactive: z.optional(z.string()),
});
const Attachments = z.object({
  result: z.array(
    z.object({
      sys_id: z.string(),
      table_name: z.string(),
      table_sys_id: z.string(),
      file_name: z.string(),
      size_bytes: z.optional(z.union([z.string().check(z.regex(/^\d+$/u)), z.int()])),
    }),
  ),
});

export default psa({
  ...servicenow,
  setup: {
    create:
      'a user of its own with web service access only; its password, an OAuth client credentials grant (Machine Identity Console > Inbound integrations) or an API key',
    rights,
  },
  members: {
    companyId: 'company, by its sys_id',
    board: 'assignment group',
    status: "state (without one, the table's first)",
    type: 'category',
    priority:
      'impact and urgency, from which ServiceNow computes the priority: Critical, High, Moderate, Low or Planning',
    contactEmail: 'caller: the active user with that e-mail address',
  },
  attachmentLimit: 10_000_000,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  address: ({ instanceUrl, table }) => `${origin(instanceUrl)} ${table}`,
  operations(api, settings, session) {
    const { instanceUrl, table, companyTable, companyQuery } = settings;
    const path = `/api/now/table/${table}`;

    const all = async <R extends { sys_id: string }>(
      ...what: [string, z.ZodMiniType<R>, readonly string[], string]
    ) => {
      const read: R[] = [];
      for await (const row of rows(api, ...what)) read.push(row);
      return read;
    };

    /**
     * A wrong reference would be stored as it is, and the ticket would belong to nobody. A 404 may also mean that the one call is
     * not allowed; where the list cannot be read either, the reference goes along unchecked.
     */
    async function company({ companyId }: TicketMembers): Promise<string> {
      const wanted = String(companyId).trim();
      const isId = SYS_ID.test(wanted);
      if (isId) {
        const query = { sysparm_fields: 'sys_id' };
        const accept = [400, 403, 404];
        const { status } = await api.send('GET', `/api/now/table/${companyTable}/${wanted}`, { query, accept });
        if (status < 400) return wanted;
      }
      const listed = await unlessUnserved(() => all(companyTable, Row, [], `sys_id=${value(wanted)}`));
      if (listed === undefined ? isId : listed.some(({ sys_id }) => sys_id === wanted)) return wanted;
      throw refusedMember(
        name,
        'companyId',
        isId
          ? `${companyTable} has no company ${wanted} that these credentials may see`
          : `a company is named by its sys_id, not by ${JSON.stringify(companyId)}`,
      );
    }

    /** The values of a column by their labels; a table has its own, or those of task. */
    async function options(element: string): Promise<(Choice & { id: string })[]> {
      const tables = [table, 'task'];
      const query = `nameIN${tables.join(',')}^element=${element}^inactive=false^language=en`;
      const columns = ['name', 'element', 'label', 'value', 'inactive'];
      const listed = (await unlessUnserved(() => all('sys_choice', Option, columns, query))) ?? [];
      const found = listed.filter((option) => option.element === element && option.inactive !== 'true');
      const ofTable =
        tables.map((of) => found.filter((option) => option.name === of)).find(({ length }) => length > 0) ?? [];
      const distinct = new Map(ofTable.map(({ label, value }) => [value, { id: value, name: label }]));
      return [...distinct.values()];
    }

    async function caller({ contactEmail }: TicketMembers): Promise<Record<string, string>> {
      if (!isSet(contactEmail)) return {};
      const email = String(contactEmail).toLowerCase();
      const query = `email=${value(email)}^active=true`;
      const users = await unlessUnserved(() => all('sys_user', User, ['email'], query));
      const found = users?.find((user) => user.email?.toLowerCase() === email);
      if (found === undefined)
        throw refusedMember(
          name,
          'contactEmail',
          `there is no active user with ${email} that these credentials may see`,
        );
      return { caller_id: found.sys_id };
    }

    async function groups(): Promise<Choice[]> {
      const rows = await all('sys_user_group', Named, ['name'], 'active=true');
      return rows.map(({ sys_id, name }) => ({ id: sys_id, name }));
    }

    /** Undefined for a user who sees no choices of the column. */
    const optionsIfAny = (element: string) => async () => {
      const values = await options(element);
      return values.length === 0 ? undefined : values;
    };

    async function references(ticket: TicketMembers): Promise<Record<string, string | undefined>> {
      // Forms show "2 - High".
      const priority = isSet(ticket.priority) ? String(ticket.priority).replace(/^\s*[1-5] - /u, '') : undefined;
      const chosen = await lookUpAll(
        name,
        { ...ticket, priority },
        {
          board: lookup(groups, SYS_ID),
          status: lookup(optionsIfAny('state'), table === 'incident' ? INCIDENT_STATES : /^-?\d+$/u),
          type: lookup(optionsIfAny('category'), 'anything'),
          priority: lookup(async () => PRIORITIES),
        },
      );
      const pair = PRIORITIES.find(({ id }) => id === chosen.priority?.id);
      return {
        assignment_group: idIn(chosen.board),
        state: idIn(chosen.status),
        category: idIn(chosen.type),
        impact: pair?.impact,
        urgency: pair?.urgency,
      };
    }

    return {
      /** What ServiceNow does not understand of a query it leaves out, and answers with every row: only the key itself counts. */
      async find({ runKey }) {
        const answer = await api.send('GET', path, {
          query: {
            sysparm_query: `correlation_id=${value(runKey)}^ORDERBYsys_created_on`,
            sysparm_fields: 'sys_id,number,correlation_id',
            sysparm_limit: FOUND_LIMIT,
          },
          accept: [400, 404],
        });
        if (answer.status >= 400) {
          throw refusedSetting({ id, name }, 'table', `${table} cannot be read (${wordsOf(answer, session, wordsIn)})`);
        }
        const { result } = api.parse(answer, Found, 'GET', path);
        const ticket = result.find(({ correlation_id }) => correlation_id === runKey);
        if (ticket !== undefined) return ticket.sys_id;
        // Without the column, or the right to read it, the key was not looked for: our records alone keep the ticket single.
        const isHidden = result.some(({ correlation_id }) => correlation_id === undefined);
        return isHidden ? CANNOT_TELL : undefined;
      },
      async prepare(order) {
        const { ticket } = order;
        const body = {
          ...settings.defaultFields,
          short_description: order.title,
          description: fitted(plainDescription(order), settings.descriptionLength),
          company: await company(ticket),
          ...(await references(ticket)),
          ...(await caller(ticket)),
          correlation_id: order.runKey,
          correlation_display: 'billing-count-report',
        };
        const json = withExtra(name, body, ticket, ['correlation_id']);
        return async () => {
          const answer = await api.send('POST', path, {
            query: { sysparm_fields: 'sys_id,number,correlation_id', sysparm_exclude_reference_link: true },
            json,
            accept: [400, 403, 404, ...FAULTS],
          });
          if (answer.status >= 400) throw refusedTicket(name, answer, session, { read: wordsIn });
          return api.parse(answer, Made, 'POST', path).result.sys_id;
        };
      },
      async isGone(ticketId) {
        const query = { sysparm_fields: 'sys_id' };
        return (await api.send('GET', `${path}/${ticketId}`, { query, accept: [404] })).status === 404;
      },
      async attachments(ticketId) {
        const query = {
          sysparm_query: `table_name=${table}^table_sys_id=${value(ticketId)}`,
          sysparm_limit: ATTACHMENTS_LISTED,
        };
        const { result } = await api.get('/api/now/attachment', { query, schema: Attachments });
        return result
          .filter(({ table_name, table_sys_id }) => table_name === table && table_sys_id === ticketId)
          .map(
            ({ file_name, size_bytes }): Attached => ({
              name: file_name,
              size: size_bytes === undefined ? undefined : Number(size_bytes),
            }),
          );
      },
      async attach(ticketId, file) {
        const answer = await api.send('POST', '/api/now/attachment/file', {
          query: { table_name: table, table_sys_id: ticketId, file_name: file.name },
          bytes: file.bytes,
          // ServiceNow may hold the type against the extension, and knows it without its parameters.
          headers: { 'content-type': file.contentType.replace(/;.*$/su, '') },
          accept: [400, 403, 404, ...FAULTS],
        });
        if (answer.status >= 400) {
          const remedy =
            'the user must see the ticket and may attach to it (glide.attachment.role), and files of this kind must be allowed (glide.attachment.extensions)';
          throw refusedFile(name, file, answer, session, remedy, { read: wordsIn });
        }
        api.parse(answer, Made, 'POST', '/api/now/attachment/file');
      },
      link: (ticketId) =>
        `${origin(instanceUrl)}/nav_to.do?uri=${encodeURIComponent(`${table}.do?sys_id=${ticketId}`)}`,
      async *companies() {
        const query = [companyQuery, 'ORDERBYname'].filter((part) => part !== '').join('^');
        for await (const { sys_id, name, customer } of rows(api, companyTable, Company, ['name', 'customer'], query)) {
          if (companyQuery !== CUSTOMERS || customer === 'true') yield { id: sys_id, name };
        }
      },
    };
  },
});

/** ServiceNow writes every value as a text. */
const idIn = (choice: Choice | undefined): string | undefined => (choice === undefined ? undefined : String(choice.id));
