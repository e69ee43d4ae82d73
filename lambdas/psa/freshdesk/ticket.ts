import * as z from 'zod/mini';
import { maybe } from '../../wire/forms.ts';
import type { WireResponse } from '../../wire/transport.ts';
import { refusedMember, refusedSetting } from '../delivery/choose.ts';
import { tagged, withExtra } from '../delivery/extra.ts';
import { isSet, lookUpAll, lookup, numberOf } from '../delivery/lookup.ts';
import type { Create, Desk } from '../delivery/making.ts';
import { multipart } from '../delivery/multipart.ts';
import type { TicketMembers, TicketOrder } from '../delivery/order.ts';
import { FAULTS, refusedTicket } from '../delivery/refused.ts';
import { htmlDescription } from '../delivery/run-key.ts';
import { type FreshdeskSettings, freshdesk } from './access.ts';
import { chosen, type Wanted } from './choices.ts';
import { tagOf } from './find.ts';
import { formOf } from './form.ts';
import { all } from './lists.ts';
import type { Requester } from './requester.ts';

const { id, name } = freshdesk;

const SOURCE_PORTAL = 2;

/** What a ticket is found again by; its company is part of the run key. */
const FOUND_BY = ['subject', 'description', 'requester_id', 'email', 'phone', 'unique_external_id', 'company_id'];

const Made = z.object({ id: z.int() });
const Groups = z.array(z.object({ id: z.int(), name: z.string() }));
const Refusal = z.union([
  z.object({
    description: z.string(),
    errors: z.optional(z.array(z.object({ field: maybe(z.string()), message: maybe(z.string()) }))),
  }),
  z.object({ code: z.string(), message: z.string() }),
]);

type Freshdesk = Desk<FreshdeskSettings>;

export async function prepareTicket(desk: Freshdesk, requester: Requester, order: TicketOrder): Promise<Create> {
  const { api, session, habits } = desk;
  const { reference, company } = requester;
  const { multipleCompanies } = desk.settings;
  const wantedCompany = numberOf(name, order.ticket);
  const isNamed = multipleCompanies || company !== wantedCompany;
  const body = await bodyOf(desk, reference, order);
  const post = (companyId: number | undefined): Promise<WireResponse> => {
    const whole = { company_id: companyId, ...body };
    const { files = [] } = order;
    const call = files.length === 0 ? { json: whole } : multipart(formOf(whole, files));
    return api.send('POST', '/tickets', { ...call, accept: [400, 403, ...FAULTS] });
  };
  return async () => {
    let answer = await post(isNamed ? wantedCompany : undefined);
    if (isNamed && !multipleCompanies && isAboutCompany(answer)) {
      if (company !== undefined) throw ofAnotherCompany(wantedCompany, company);
      answer = await post(undefined);
    }
    if (answer.status >= 400) throw refusedTicket(name, answer, session, habits);
    return String(api.parse(answer, Made, 'POST', '/tickets').id);
  };
}

async function bodyOf({ api, settings }: Freshdesk, reference: Requester['reference'], order: TicketOrder) {
  const { ticket } = order;
  const { customFields, runKeyField } = settings;
  const fields = { ...customFields, ...(isSet(runKeyField) ? { [runKeyField]: order.runKey } : {}) };
  const choices = await chosen(api, {
    status: wanted(ticket, settings, 'status'),
    priority: wanted(ticket, settings, 'priority'),
    type: wanted(ticket, settings, 'type'),
  });
  const { board } = await lookUpAll(name, ticket, { board: lookup(() => all(api, '/groups', Groups)) });
  const members = {
    ...reference,
    subject: order.title,
    description: htmlDescription(order),
    source: SOURCE_PORTAL,
    ...choices,
    group_id: board?.id ?? settings.groupId ?? undefined,
    responder_id: settings.responderId ?? undefined,
    product_id: settings.productId ?? undefined,
    custom_fields: Object.keys(fields).length === 0 ? undefined : fields,
  };
  const merged = withExtra(name, members, ticket, FOUND_BY);
  return { ...merged, tags: tagged(merged.tags, tagOf(order)) };
}

/** What the ticket wants, or else the settings. */
function wanted(
  ticket: TicketMembers,
  settings: FreshdeskSettings,
  member: 'status' | 'priority' | 'type',
): Wanted | undefined {
  const ofTicket = ticket[member];
  if (isSet(ofTicket)) return { value: ofTicket, refusal: (what) => refusedMember(name, member, what) };
  const value = settings[member];
  return isSet(value) ? { value, refusal: (what) => refusedSetting({ id, name }, member, what) } : undefined;
}

/** True for an account without Multiple Companies: it refuses every ticket that names its company. */
const isAboutCompany = ({ status, body }: WireResponse): boolean =>
  (status === 400 || status === 403) && /require_feature|company/iu.test(Buffer.from(body).toString('utf8'));

const ofAnotherCompany = (wantedCompany: number, company: number) =>
  refusedMember(
    name,
    'companyId',
    `a ticket belongs to its requester's company, and the requester belongs to ${company}, not to ${wantedCompany}; name a contact ` +
      'of that company as contactEmail, or add the feature Multiple Companies to the account',
  );

/** Freshdesk's error body: a sentence with the fields it is about, or a code with a message. */
export function wordsOf(body: unknown): string {
  const refusal = z.parse(Refusal, body);
  if ('code' in refusal) return `${refusal.code}: ${refusal.message}`;
  const fields = (refusal.errors ?? []).map(({ field, message }) =>
    [field, message].filter((part) => typeof part === 'string').join(': '),
  );
  return [refusal.description, ...fields].join('; ');
}
