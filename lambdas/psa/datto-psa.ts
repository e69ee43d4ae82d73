import * as z from 'zod/mini';
import { datto } from './datto-psa/access.ts';
import { autotask, type Field, type Filter, name, refusalOf } from './datto-psa/autotask.ts';
import { choose, chooseOr, refusedMember, refusedSetting, unset } from './delivery/choose.ts';
import { withExtra } from './delivery/extra.ts';
import { fitted } from './delivery/fit.ts';
import type { TicketMembers } from './delivery/order.ts';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { refusedFile, refusedTicket } from './delivery/refused.ts';
import { mentions, plainDescription, shortKey } from './delivery/run-key.ts';
import { unlessUnserved, withoutContact } from './delivery/unserved.ts';

const { id } = datto;

/** The MSP itself. */
const OWN_COMPANY = 0;
const LONGEST_EXTERNAL_ID = 50;
const LONGEST_DESCRIPTION = 8000;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

const REFUSED_FILE_HELP =
  'mend what it says, or wait five minutes where too much was attached, and deliver again under the same run id, or attach it by hand';

/** What `find` goes by. */
const FOUND_BY = ['externalID', 'title', 'companyID', 'description'];

const Found = z.object({
  id: z.int(),
  externalID: z.optional(z.nullable(z.string())),
  description: z.optional(z.nullable(z.string())),
});
const Made = z.object({ itemId: z.int() });
const Contact = z.object({ id: z.int() });
const Company = z.object({ id: z.int(), companyName: z.string(), isActive: z.boolean() });
const Attachment = z.object({
  id: z.int(),
  title: z.string(),
  fileSize: z.optional(z.nullable(z.number())),
});

export default psa({
  ...datto,
  setup: {
    create:
      'Admin > Organization Settings & Users > Resources/Users (HR) > New > API User: keep Username (Key) and Password (Secret); API Tracking Identifier: Custom (Internal Integration) gives the integration code',
    rights:
      'security level API User (system), or a copy of it that may see companies and contacts and may add tickets and their attachments',
  },
  members: {
    companyId: 'company, by its number (0 is the MSP itself)',
    board: 'queue (Autotask wants one, unless extra names a resource and its role)',
    status: "status (without one, the tenant's default)",
    type: 'ticket type',
    priority: "priority (without one, the tenant's default)",
    contactEmail: 'contact of the company with that e-mail address',
  },
  // Autotask takes 6 MiB in one file, but no more than 10,000,000 bytes in five minutes: both files of a report must fit.
  attachmentLimit: 5_000_000,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  verbs(api, settings, session) {
    const zone = autotask(api, settings, session);
    const { impersonationResourceId: impersonated } = settings;
    const inTheNameOf =
      impersonated === undefined ? {} : { headers: { ImpersonationResourceId: String(impersonated) } };
    let publish: Promise<number> | undefined;

    const companyOf = ({ companyId }: TicketMembers): number => {
      if (/^\d+$/u.test(String(companyId))) return Number(companyId);
      throw refusedMember(name, 'companyId', `a company is named by its number, not by ${JSON.stringify(companyId)}`);
    };

    /** Ids for what is configured, and hints for what Autotask demands by default and nobody configured. */
    function picked(ticket: TicketMembers, fields: ReadonlyMap<string, Field>) {
      const hints: string[] = [];
      const own = (member: string) => ticket.extra !== undefined && Object.hasOwn(ticket.extra, member);
      const chosen: Record<string, number> = {};
      for (const { member, field, needed } of [
        { member: 'board', field: 'queueID', needed: !(own('assignedResourceID') && own('assignedResourceRoleID')) },
        { member: 'status', field: 'status', needed: true },
        { member: 'priority', field: 'priority', needed: true },
        { member: 'type', field: 'ticketType', needed: false },
      ] as const) {
        const { choices, preset } = fields.get(field) ?? { choices: [] };
        const wanted = ticket[member];
        const isTold = wanted !== null && wanted !== undefined;
        if (isTold && !fields.has(field) && /^\d+$/u.test(String(wanted))) chosen[field] = Number(wanted);
        else if (isTold) chosen[field] = choose(name, member, wanted, choices).id;
        else if (needed && preset !== undefined) chosen[field] = preset;
        else if (needed && !own(field)) hints.push(unset(member, choices));
      }
      return { chosen, hints };
    }

    async function contact(ticket: TicketMembers, companyID: number): Promise<{ contactID?: number }> {
      const { contactEmail } = ticket;
      if (contactEmail === null || contactEmail === undefined) return {};
      const filter: Filter[] = [
        { op: 'eq', field: 'companyID', value: companyID },
        { op: 'eq', field: 'emailAddress', value: String(contactEmail) },
      ];
      for await (const { id } of zone.query('Contacts', Contact, [], filter)) return { contactID: id };
      throw refusedMember(name, 'contactEmail', `company ${companyID} has no contact with ${contactEmail}`);
    }

    /** A number goes as it stands; a label needs Autotask's list. */
    async function audience(): Promise<number> {
      if (/^\d+$/u.test(String(settings.publish))) return Number(settings.publish);
      const { choices } = (await zone.fields('TicketAttachments')).get('publish') ?? { choices: [] };
      return chooseOr((what) => refusedSetting({ id, name }, 'publish', what), settings.publish, choices).id;
    }

    async function typesListed(): Promise<Filter[]> {
      const { companyType } = settings;
      if (companyType === null) return [];
      const choices = (await zone.fields('Companies')).get('companyType')?.choices ?? [];
      const type = chooseOr((what) => refusedSetting({ id, name }, 'companyType', what), companyType, choices);
      const items: Filter[] = [
        { op: 'eq', field: 'companyType', value: type.id },
        { op: 'eq', field: 'id', value: OWN_COMPANY },
      ];
      return [{ op: 'or', items }];
    }

    return {
      /** By the foreign id; else by the text, for tenants where another tool writes foreign ids of its own. */
      async find({ runKey, title, asOf, ticket }) {
        const companyID = companyOf(ticket);
        const externalID = shortKey(runKey, LONGEST_EXTERNAL_ID);
        const oldest = async (filter: Filter[], isOurs: (row: z.output<typeof Found>) => boolean) => {
          const found: number[] = [];
          for await (const row of zone.query('Tickets', Found, ['title', 'externalID', 'description'], filter)) {
            if (isOurs(row)) found.push(row.id);
          }
          return found.length === 0 ? undefined : String(Math.min(...found));
        };
        const marked = await oldest(
          [{ op: 'eq', field: 'externalID', value: externalID }],
          (row) => row.externalID === externalID,
        );
        if (marked !== undefined) return marked;
        const earliest = new Date(Date.parse(asOf) - DAY_MILLISECONDS).toISOString();
        return oldest(
          [
            { op: 'eq', field: 'title', value: title },
            { op: 'eq', field: 'companyID', value: companyID },
            { op: 'gte', field: 'createDate', value: earliest },
          ],
          ({ description }) => mentions(description ?? '', runKey),
        );
      },
      async prepare(order) {
        const { ticket } = order;
        const companyID = companyOf(ticket);
        const fields = await zone.fields('Tickets');
        const { chosen, hints } = picked(ticket, fields);
        const person = await unlessUnserved(() => contact(ticket, companyID));
        const text = plainDescription(person === undefined ? withoutContact(order) : order);
        const due = new Date(session.clock.now() + settings.dueInDays * DAY_MILLISECONDS).toISOString();
        const body = {
          companyID,
          title: order.title,
          description: fitted(text, fields.get('description')?.length ?? LONGEST_DESCRIPTION),
          ...chosen,
          ...person,
          dueDateTime: due,
          externalID: shortKey(order.runKey, LONGEST_EXTERNAL_ID),
        };
        const json = withExtra(name, body, ticket, FOUND_BY);
        return async () => {
          const answer = await zone.send('POST', 'Tickets', { json, ...inTheNameOf });
          const refusal = refusalOf(answer);
          if (refusal !== undefined) throw refusedTicket(name, answer, session, () => refusal, hints);
          return String(api.parse(answer, Made, 'POST', '/Tickets').itemId);
        };
      },
      async attachments(ticketId) {
        const held: { name: string; size?: number }[] = [];
        for await (const { title, fileSize } of zone.list('GET', `Tickets/${ticketId}/Attachments`, Attachment)) {
          held.push({ name: title, ...(typeof fileSize === 'number' ? { size: fileSize } : {}) });
        }
        return held;
      },
      async attach(ticketId, file) {
        publish ??= audience();
        const json = {
          id: 0,
          attachmentType: 'FILE_ATTACHMENT',
          title: file.name,
          fullPath: file.name,
          publish: await publish,
          data: Buffer.from(file.bytes).toString('base64'),
        };
        const path = `Tickets/${ticketId}/Attachments`;
        const answer = await zone.send('POST', path, { json, ...inTheNameOf });
        const refusal = refusalOf(answer);
        if (refusal !== undefined) throw refusedFile(name, file, answer, session, REFUSED_FILE_HELP, () => refusal);
        api.parse(answer, Made, 'POST', path);
      },
      link: async (ticketId) => {
        const url = new URL('Autotask/AutotaskExtend/ExecuteCommand.aspx', await zone.webUrl());
        url.search = new URLSearchParams({ Code: 'OpenTicketDetail', TicketID: ticketId }).toString();
        return url.href;
      },
      async *companies() {
        const filter: Filter[] = [{ op: 'eq', field: 'isActive', value: true }, ...(await typesListed())];
        for await (const { id, companyName, isActive } of zone.query(
          'Companies',
          Company,
          ['companyName', 'isActive'],
          filter,
        )) {
          if (isActive) yield { id: String(id), name: companyName };
        }
      },
    };
  },
});
