import * as z from 'zod/mini';
import { collector, count, customer, digits, excluded, gap, guidAsWritten, note } from '../counting/collector.ts';
import { number } from '../report/column.ts';
import { clientCredentials } from '../wire/auth.ts';
import { MAY_HIDE } from '../wire/paging.ts';
import { ownClaims } from './immybot/own-claims.ts';
import { untilDeclared, untilNothingNew } from './immybot/pages.ts';

const COMPUTERS = 'ImmyBot Computers';
const LICENSED = 'ImmyBot Licensed Computers';
const USERS = 'ImmyBot Users';

/** A list of computers that lacks more than this share of what it declares is not believed. */
const LOST_SHARE = 0.01;

const moment = z.optional(z.nullable(z.string().check(z.regex(/^\d{4}-\d\d-\d\dT/u, 'expected a date and time'))));

const Tenants = z.array(
  z.object({
    id: z.int(),
    name: z.string(),
    active: z.boolean(),
    isMsp: z.optional(z.nullable(z.boolean())),
    markedForDeletionAtUtc: moment,
  }),
);
const Users = z.array(
  z.object({
    id: z.int(),
    tenantId: z.int(),
    isExpired: z.boolean(),
    azurePrincipalId: z.optional(z.nullable(z.string())),
  }),
);

/** Records run to kilobytes; of each only this is kept. */
const Computers = z.object({
  count: z.int(),
  results: z.array(
    z.object({
      id: z.int(),
      tenantId: z.int(),
      /** Null on plans that do not license by computer. */
      licensed: z.nullable(z.boolean()),
      deletedAt: moment,
      isDevLab: z.boolean(),
      isSandbox: z.boolean(),
    }),
  ),
});

export default collector({
  id: 'immybot',
  name: 'ImmyBot',
  position: 50,
  customerId: { name: 'tenant id', schema: digits },
  secret: z.strictObject({
    /** What stands before .immy.bot. */
    instanceSubdomain: z.optional(z.string().check(z.regex(/^[a-z0-9-]+$/iu, 'expected the part before .immy.bot'))),
    /** Instead of `instanceSubdomain`: the instance's own address. */
    baseUrl: z.optional(
      z.string().check(z.regex(/^https:\/\/[a-z0-9-]+\.immy\.bot\/?$/iu, 'expected https://….immy.bot')),
    ),
    entraTenantId: z
      .string()
      .check(
        z.regex(
          /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(\.[a-z0-9-]+)+)$/iu,
          'expected a guid or a domain',
        ),
      ),
    clientId: guidAsWritten,
    clientSecret: z.string().check(z.minLength(1)),
  }),
  configuration: z.strictObject({}),
  columns: [
    number(COMPUTERS, 'computers that are not deleted, offline ones included, without those of the development lab'),
    number(
      LICENSED,
      'of these, computers that take a licence in the current billing period: it grows during the month',
    ),
    number(USERS, `users that have not expired, without the one that this report signs in as (${MAY_HIDE})`),
  ],
  check: ({ instanceSubdomain, baseUrl }) =>
    (instanceSubdomain === undefined) === (baseUrl === undefined)
      ? ['expected either instanceSubdomain or baseUrl in the secret']
      : [],
  setup: {
    create:
      'Entra ID: an app registration with a client secret; ImmyBot > Show More > People > New: the object id of its enterprise application as AD External ID, then Create User',
    rights: 'admin (Show More > Users > Edit > Admin)',
  },
  api: ({ instanceSubdomain, baseUrl, entraTenantId, clientId, clientSecret }) => {
    const { origin } = new URL(baseUrl ?? `https://${instanceSubdomain}.immy.bot`);
    return {
      name: 'ImmyBot',
      base: `${origin}/api/v1`,
      hosts: ['login.microsoftonline.com'],
      auth: clientCredentials({
        url: `https://login.microsoftonline.com/${entraTenantId}/oauth2/v2.0/token`,
        fields: {
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
          scope: `${origin}/.default`,
        },
      }),
      // No number is published; other clients stay below this.
      limit: { requests: 100, perSeconds: 60, concurrency: 1 },
      renewal: 'give the person in ImmyBot the object id of the enterprise application, and its user the admin right',
    };
  },
  async *collect(api) {
    const deleted = new Set<number>();
    const kept: number[] = [];
    const msps: number[] = [];
    const tenants = api.pages(
      '/tenants',
      { page: Tenants, rows: (page) => page, key: ({ id }) => id },
      untilNothingNew(),
    );
    for await (const { id, name, active, isMsp, markedForDeletionAtUtc } of tenants) {
      if (markedForDeletionAtUtc) {
        deleted.add(id);
        continue;
      }
      kept.push(id);
      yield customer(id, name);
      if (isMsp === true) msps.push(id);
      if (!active) yield excluded(id, 'the tenant is not active in ImmyBot');
    }

    const users = api.pages('/users', { page: Users, rows: (page) => page, key: ({ id }) => id }, untilNothingNew());
    const signedIn: { tenantId: number; principal: string }[] = [];
    for await (const { tenantId, isExpired, azurePrincipalId } of users) {
      if (isExpired || deleted.has(tenantId)) continue;
      // Only a user with a principal can be the one that this report signs in as.
      if (azurePrincipalId) signedIn.push({ tenantId, principal: azurePrincipalId.toLowerCase() });
      else yield count(tenantId, USERS);
    }
    const own = signedIn.length === 0 ? new Set<string>() : await ownClaims(api);
    const others = signedIn.filter(({ principal }) => !own.has(principal));
    for (const { tenantId } of others) yield count(tenantId, USERS);
    if (others.length === signedIn.length) {
      const sentence = `ImmyBot does not say as whom this report signs in; that user may be in "${USERS}"`;
      yield note(sentence);
      for (const id of msps) yield note(sentence, id);
    }

    let declared = 0;
    let listed = 0;
    let saysLicensed = false;
    const computers = api.pages(
      '/computers/paged',
      { page: Computers, rows: ({ results }) => results, key: ({ id }) => id },
      untilDeclared((total) => {
        declared = total;
      }),
    );
    for await (const { tenantId, licensed, deletedAt, isDevLab, isSandbox } of computers) {
      listed += 1;
      saysLicensed ||= licensed !== null;
      if (deletedAt || isDevLab || isSandbox || deleted.has(tenantId)) continue;
      yield count(tenantId, COMPUTERS);
      if (licensed === true) yield count(tenantId, LICENSED);
    }
    if (listed > 0 && !saysLicensed) {
      const reason = 'ImmyBot says of no computer whether it takes a licence: some plans do not license by computer';
      for (const id of kept) yield gap(id, LICENSED, 'excluded', reason);
    }
    const few = Math.abs(declared - listed) <= declared * LOST_SHARE;
    yield* api.compare('computers', listed, declared, few ? { loose: 'its list is known to lack a few' } : {});
  },
});
