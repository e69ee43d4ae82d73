import * as z from 'zod/mini';
import { type Auth, clientCredentials, clientFields } from './wire/auth.ts';
import { filled, nameOrId, numberLike } from './wire/forms.ts';
import { bondFaults, optional, place, required } from './wire/options.ts';

/** Counting devices and making tickets use one NinjaOne instance: one secret, one field in report.json. */

const instance = place(
  {
    us: 'https://app.ninjarmm.com',
    us2: 'https://us2.ninjarmm.com',
    eu: 'https://eu.ninjarmm.com',
    ca: 'https://ca.ninjarmm.com',
    oc: 'https://oc.ninjarmm.com',
    fed: 'https://fed.ninjarmm.com',
  },
  {
    form: /^https:\/\/[a-z0-9-]+\.(ninjarmm|ninjaone|rmmservice)\.com\/?$/iu,
    expected: 'https://….ninjarmm.com',
    sentence: "the instance's own address, as in the browser",
  },
);

export const ninjaoneSecret = {
  ...instance.options,
  clientId: required('Client ID of the API application'),
  clientSecret: required('its secret, shown once'),
  refreshToken: optional(
    filled,
    'for tickets that come from a person instead of from the application; counting does not use it',
  ),
};

const word = z.nullable(nameOrId);
const number = z.nullable(numberLike);

/** All of these are for tickets. */
export const ninjaoneConfiguration = {
  boardId: optional(number, 'a board that shows every open ticket: without it a lost ticket cannot be looked for'),
  ticketFormId: optional(number, 'the form of new tickets; the default one otherwise'),
  status: optional(word, 'the status of new tickets, by name or id; New otherwise'),
  ticketType: optional(word, 'the type of new tickets'),
  priority: optional(word, 'the priority of new tickets'),
  severity: optional(
    z.nullable(z.enum(['NONE', 'MINOR', 'MODERATE', 'MAJOR', 'CRITICAL'])),
    'the severity of new tickets',
  ),
  requesterUid: optional(z.nullable(z.string()), 'the requester, by the uid of a contact'),
  assignedAppUserId: optional(number, 'the technician who gets the ticket'),
  tags: optional(z.nullable(z.array(z.string())), 'tags of new tickets'),
};

export type NinjaoneSettings = z.output<z.ZodMiniObject<typeof ninjaoneSecret>>;

/** What is wrong with the address: it must be given once, by region or by baseUrl. */
export const ninjaoneFaults = (settings: NinjaoneSettings): string[] => bondFaults(ninjaoneSecret, settings);

export const ninjaoneBase = (settings: NinjaoneSettings): string => instance.address(settings);

/** The application's own token. A scope that the application does not have is refused. */
export const ninjaoneAuth = (settings: NinjaoneSettings, scope: string): Auth =>
  clientCredentials({ url: '/ws/oauth/token', fields: clientFields(settings, { scope }) });

/** A person's token. */
export const ninjaoneUserAuth = (settings: NinjaoneSettings, refreshToken: string): Auth =>
  clientCredentials({
    url: '/ws/oauth/token',
    fields: clientFields(settings, { grant_type: 'refresh_token', refresh_token: refreshToken }),
  });
