import * as z from 'zod/mini';
import { datto } from './datto-psa/access.ts';
import { autotask, type Field, type Filter, name, refusalOf } from './datto-psa/autotask.ts';
import { rights } from './datto-psa/rights.ts';
import { type Choice, refusedMember, refusedSetting, unset } from './delivery/choose.ts';
import { withExtra } from './delivery/extra.ts';
import { fitted } from './delivery/fit.ts';
import { isInExtra, isNumber, isSet, lookUp, lookUpAll, lookup, numberOf } from './delivery/lookup.ts';
import type { TicketMembers } from './delivery/order.ts';
import { type Attached, psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
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
  'correct what it says, or wait five minutes where too much was attached, and deliver again under the same run id, or attach it by hand';

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
    rights,
  },
  members: {
    companyId: 'company, by its number (0 is the MSP itself)',
    board: 'queue (Autotask needs one, unless extra names a resource and its role)',
    status: "status (without one, the tenant's default)",
    type: 'ticket type',
    priority: "priority (without one, the tenant's default)",
    contactEmail: 'contact of the company with that e-mail address',
  },
  // Autotask takes 6 MiB in one file, but no more than 10,000,000 bytes in five minutes: both files of a report must fit.
  attachmentLimit: 5_000_000,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  // Autotask moves databases from zone to zone; the user stays.
  address: ({ userName }) => userName,
  operations(api, settings, session) {
    const zone = autotask(api, settings, session);
    const { impersonationResourceId: impersonated } = settings;
    const inTheNameOf =
      impersonated === undefined ? {} : { headers: { ImpersonationResourceId: String(impersonated) } };
    let publish: Promise<Choice['id']> | undefined;

    /** Ids for what is configured, and hints for what Autotask demands by default and nobody configured. */
    async function picked(ticket: TicketMembers, fields: ReadonlyMap<string, Field>) {
      const inField = (field: string) => lookup(async () => fields.get(field)?.choices);
      const meant = await lookUpAll(name, ticket, {
        board: inField('queueID'),
        status: inField('status'),
        priority: inField('priority'),
        type: inField('ticketType'),
      });
      const isAssigned = ['assignedResourceID', 'assignedResourceRoleID'].every((field) => isInExtra(ticket, field));
      const hints: string[] = [];
      const orPreset = (member: 'board' | 'status' | 'priority', field: string): Choice['id'] | undefined => {
        const { choices = [], preset } = fields.get(field) ?? {};
        const id = meant[member]?.id ?? preset;
        if (id === undefined && !isInExtra(ticket, field)) hints.push(unset(member, choices));
        return id;
      };
      const chosen = {
        queueID: isAssigned ? meant.board?.id : orPreset('board', 'queueID'),
        status: orPreset('status', 'status'),
        priority: orPreset('priority', 'priority'),
        ticketType: meant.type?.id,
      };
      return { chosen, hints };
    }

    async function contact(ticket: TicketMembers, companyID: number): Promise<{ contactID?: number }> {
      const { contactEmail } = ticket;
      if (!isSet(contactEmail)) return {};
      const filter: Filter[] = [
        { op: 'eq', field: 'companyID', value: companyID },
        { op: 'eq', field: 'emailAddress', value: String(contactEmail) },
      ];
      for await (const { id } of zone.query('Contacts', Contact, [], filter)) return { contactID: id };
      throw refusedMember(name, 'contactEmail', `company ${companyID} has no contact with ${contactEmail}`);
    }

    const setting = (member: 'publish' | 'companyType', value: string | number, entity: string) =>
      lookUp(
        lookup(async () => (await zone.fields(entity)).get(member)?.choices ?? []),
        value,
        (what) => refusedSetting({ id, name }, member, what),
      );

    /** A number goes as it is; a label needs Autotask's list. */
    const audience = async (): Promise<Choice['id']> =>
      isNumber(settings.publish)
        ? Number(settings.publish)
        : (await setting('publish', settings.publish, 'TicketAttachments')).id;

    async function typesListed(): Promise<Filter[]> {
      const { companyType } = settings;
      if (companyType === null) return [];
      const type = await setting('companyType', companyType, 'Companies');
      const items: Filter[] = [
        { op: 'eq', field: 'companyType', value: type.id },
        { op: 'eq', field: 'id', value: OWN_COMPANY },
      ];
      return [{ op: 'or', items }];
    }

    return {
      /** By the foreign id; else by the text, for tenants where another tool writes foreign ids of its own. */
      async find({ runKey, title, asOf, ticket }) {
        const companyID = numberOf(name, ticket);
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
        const companyID = numberOf(name, ticket);
        const fields = await zone.fields('Tickets');
        const { chosen, hints } = await picked(ticket, fields);
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
          if (refusal !== undefined)
            throw refusedTicket(name, answer, session, { read: () => refusal, hints, refusesBy500: true });
          return String(api.parse(answer, Made, 'POST', '/Tickets').itemId);
        };
      },
      async isGone(ticketId) {
        const filter: Filter[] = [{ op: 'eq', field: 'id', value: Number(ticketId) }];
        for await (const _ of zone.query('Tickets', Found, [], filter)) return false;
        return true;
      },
      async attachments(ticketId) {
        const held: Attached[] = [];
        for await (const { title, fileSize } of zone.list('GET', `Tickets/${ticketId}/Attachments`, Attachment)) {
          held.push({ name: title, size: fileSize ?? undefined });
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
        if (refusal !== undefined)
          throw refusedFile(name, file, answer, session, REFUSED_FILE_HELP, {
            read: () => refusal,
            refusesBy500: true,
          });
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
