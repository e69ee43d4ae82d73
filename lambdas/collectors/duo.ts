import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod/mini';
import { number, textWhenUsed } from '../report/column.ts';
import { isReportError } from '../report/errors.ts';
import { signed, type Unsigned } from '../vendor/auth.ts';
import { collector, count, customer, gap, note, words } from '../vendor/collector.ts';

const USERS = 'Duo Users';
const EDITION = 'Duo Edition';

/** Internal edition codes and the names that people know. */
const EDITION_NAMES = new Map([
  ['ENTERPRISE', 'Duo Essentials'],
  ['PLATFORM', 'Duo Advantage'],
  ['BEYOND', 'Duo Premier'],
  ['PERSONAL', 'Duo Free'],
]);

const answer = <T extends z.ZodMiniType>(response: T) => z.object({ stat: z.literal('OK'), response });

const Accounts = answer(
  z.array(z.object({ account_id: z.string(), name: z.string(), api_hostname: z.optional(z.nullable(z.string())) })),
);
const Summary = answer(z.object({ user_count: z.int(), edition: z.optional(z.nullable(z.string())) }));
const Edition = answer(z.object({ edition: z.string() }));

const sha512 = (data: string | Uint8Array): string => createHash('sha512').update(data).digest('hex');

/** RFC 3986 as Duo wants it: everything but letters, digits and `_.-~` is escaped. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/gu, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signs a request (version 5): HMAC-SHA-512 over date, method, host, path, sorted query, body hash and the hash of no extra headers. */
export function duoSignature(
  integrationKey: string,
  secretKey: string,
  { method, url, body, now }: Unsigned,
): Record<string, string> {
  const date = new Date(now).toUTCString();
  const parameters = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const canonical = [date, method, url.hostname.toLowerCase(), url.pathname, parameters, sha512(body), sha512('')].join(
    '\n',
  );
  const signature = createHmac('sha512', secretKey).update(canonical).digest('hex');
  return { date, authorization: `Basic ${Buffer.from(`${integrationKey}:${signature}`).toString('base64')}` };
}

export default collector({
  id: 'duo',
  name: 'Duo',
  position: 90,
  customerId: {
    name: 'account_id',
    schema: z.string().check(z.regex(/^DA[A-Z0-9]{18}$/u, 'expected DA and 18 letters or digits')),
  },
  secret: z.strictObject({
    integrationKey: z.string(),
    secretKey: z.string(),
    /** The parent account's API host name, without scheme. */
    apiHost: z
      .string()
      .check(z.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.duo(security|federal)\.com$/iu, 'expected api-….duosecurity.com')),
    signatureVersion: z._default(z.literal(5), 5),
  }),
  configuration: z.strictObject({}),
  columns: [
    number(USERS, 'users that exist in the account, disabled ones included: each takes a licence'),
    textWhenUsed(EDITION, 'edition of the account'),
  ],
  setup: {
    create: 'Duo Admin Panel of the parent account > Applications > Protect an Application > Accounts API',
    rights: 'created by an Owner; Accounts API must be switched on for the MSP by Duo',
  },
  api: ({ integrationKey, secretKey, apiHost }) => ({
    name: 'Duo',
    base: `https://${apiHost.toLowerCase()}`,
    hosts: ['*.duosecurity.com', '*.duofederal.com'],
    auth: signed((request) => duoSignature(integrationKey, secretKey, request)),
    limit: { concurrency: 5 },
  }),
  async *collect(parent) {
    const { response: accounts } = await parent.post('/accounts/v1/account/list', {
      json: {},
      reads: true,
      schema: Accounts,
    });
    for (const account of accounts) yield customer(account.account_id, account.name);

    yield* parent.each(
      accounts,
      (account) => account.account_id,
      async function* ({ account_id, api_hostname }) {
        const child = api_hostname ? parent.with({ base: `https://${api_hostname.toLowerCase()}` }) : parent;
        const query = { account_id };
        const { response: summary } = await child.get('/admin/v1/info/summary', { query, schema: Summary });
        yield count(account_id, USERS, summary.user_count);
        const edition = summary.edition || (await editionOf());
        if (edition === undefined) yield gap(account_id, EDITION, 'excluded', 'Duo does not say which');
        else yield words(account_id, EDITION, edition);
        if (edition === 'Duo Free') yield note('Duo Free is not billed', account_id);

        /** Not every account may read its billing; the number of users does not depend on it. */
        async function editionOf(): Promise<string | undefined> {
          try {
            const { response } = await child.get('/admin/v1/billing/edition', { query, schema: Edition });
            return EDITION_NAMES.get(response.edition) ?? response.edition;
          } catch (error) {
            if (isReportError(error, 'VendorAuthError')) return undefined;
            throw error;
          }
        }
      },
    );
  },
});
