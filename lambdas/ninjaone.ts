import * as z from 'zod/mini';
import { type Auth, clientCredentials } from './wire/auth.ts';

/** What counts devices and what makes tickets are one NinjaOne instance: one secret, one member in report.json, two uses. */

const HOSTS = { us: 'app', us2: 'us2', eu: 'eu', ca: 'ca', oc: 'oc', fed: 'fed' };

export const ninjaoneSecret = z.strictObject({
  region: z.optional(z.enum(['us', 'us2', 'eu', 'ca', 'oc', 'fed'])),
  /** Instead of `region`: the instance's own address. */
  baseUrl: z.optional(
    z
      .string()
      .check(
        z.regex(/^https:\/\/[a-z0-9-]+\.(ninjarmm|ninjaone|rmmservice)\.com\/?$/iu, 'expected https://….ninjarmm.com'),
      ),
  ),
  clientId: z.string(),
  clientSecret: z.string(),
  /** Makes tickets come from a person instead of from the application; counting does not use it. */
  refreshToken: z.optional(z.string().check(z.minLength(1))),
});

const word = z.optional(z.nullable(z.union([z.string(), z.int()])));

/** An id, as a number or in quotes. */
const number = z.optional(
  z.nullable(z.pipe(z.union([z.int(), z.string().check(z.regex(/^\d+$/u, 'expected a number'))]), z.transform(Number))),
);

/** All of it is about tickets. */
export const ninjaoneConfiguration = z.strictObject({
  /** A board that shows every open ticket: without it a lost ticket cannot be looked for. */
  boardId: number,
  ticketFormId: number,
  status: word,
  ticketType: word,
  priority: word,
  severity: z.optional(z.nullable(z.enum(['NONE', 'MINOR', 'MODERATE', 'MAJOR', 'CRITICAL']))),
  requesterUid: z.optional(z.nullable(z.string())),
  assignedAppUserId: number,
  tags: z.optional(z.nullable(z.array(z.string()))),
});

export type NinjaoneSettings = z.output<typeof ninjaoneSecret>;

/** What is wrong with the address: it is told once, by region or by baseUrl. */
export const ninjaoneFaults = ({ region, baseUrl }: NinjaoneSettings): string[] =>
  (region === undefined) === (baseUrl === undefined) ? ['region or baseUrl: expected one of the two'] : [];

export const ninjaoneBase = ({ region, baseUrl }: NinjaoneSettings): string =>
  region === undefined ? (baseUrl ?? '').replace(/\/$/u, '') : `https://${HOSTS[region]}.ninjarmm.com`;

/** The application's own token. A scope that the application was not given is refused. */
export const ninjaoneAuth = ({ clientId, clientSecret }: NinjaoneSettings, scope: string): Auth =>
  clientCredentials({
    url: '/ws/oauth/token',
    fields: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope },
  });

/** A person's token. */
export const ninjaoneUserAuth = (settings: NinjaoneSettings, refreshToken: string): Auth =>
  clientCredentials({
    url: '/ws/oauth/token',
    fields: {
      grant_type: 'refresh_token',
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
      refresh_token: refreshToken,
    },
  });
