import * as z from 'zod/mini';
import { collector, count, customer, gap, noConfiguration, note, words } from '../counting/collector.ts';
import { number, textWhenUsed } from '../report/column.ts';
import { isReportError } from '../report/errors.ts';
import { signed } from '../wire/auth.ts';
import { single } from '../wire/paging.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';
import { duoSignature } from './duo/signature.ts';

const USERS = 'Duo Users';
const EDITION = 'Duo Edition';

/** Internal edition codes and the names that people know. */
const EDITION_NAMES = new Map([
  ['ENTERPRISE', 'Duo Essentials'],
  ['PLATFORM', 'Duo Advantage'],
  ['BEYOND', 'Duo Premier'],
  ['PERSONAL', 'Duo Free'],
]);

const Host = z
  .string()
  .check(z.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.duo(security|federal)\.com$/iu, 'expected api-….duosecurity.com'));

/** Numbers may come as text. */
const wholeNumber = z.union([z.int(), z.pipe(z.string().check(z.regex(/^\d+$/u)), z.transform(Number))]);

const answer = <T extends z.ZodMiniType>(response: T) => z.object({ stat: z.literal('OK'), response });

const Accounts = answer(
  z.array(z.object({ account_id: z.string(), name: z.string(), api_hostname: z.optional(z.nullable(z.string())) })),
);
const Summary = answer(z.object({ user_count: wholeNumber, edition: z.optional(z.nullable(z.string())) }));
const Edition = answer(z.object({ edition: z.string() }));

export default collector({
  id: 'duo',
  name: 'Duo',
  position: 90,
  customerId: {
    name: 'account_id',
    schema: z.string().check(z.regex(/^DA[A-Z0-9]{4,30}$/u, 'expected DA and (usually 18) capital letters or digits')),
  },
  secret: z.strictObject({
    integrationKey: z.string(),
    secretKey: z.string(),
    /** The parent account's API host name, without scheme. */
    apiHost: Host,
    signatureVersion: z._default(z.literal([2, 5]), 5),
  }),
  configuration: noConfiguration,
  columns: [
    number(USERS, 'users that exist in the account, disabled ones included: each takes a licence'),
    textWhenUsed(EDITION, 'edition of the account'),
  ],
  setup: {
    create: 'Duo Admin Panel of the parent account > Applications > Protect an Application > Accounts API',
    rights: 'created by an Owner; Accounts API must be switched on for the MSP by Duo',
  },
  api: ({ integrationKey, secretKey, apiHost, signatureVersion }) => ({
    name: 'Duo',
    base: `https://${apiHost.toLowerCase()}`,
    hosts: ['*.duosecurity.com', '*.duofederal.com'],
    auth: signed((request) => duoSignature(integrationKey, secretKey, request, signatureVersion)),
    limit: { concurrency: 5 },
    renewal: 'check the keys, that the application is an Accounts API one, and the clock of this machine',
  }),
  async *collect(parent, { signatureVersion }) {
    const accounts = new Map<string, z.output<typeof Accounts>['response'][number]>();
    const list = parent.pages(
      '/accounts/v1/account/list',
      {
        method: 'POST',
        ...(signatureVersion === 2 ? { form: {} } : { json: {} }),
        page: Accounts,
        rows: ({ response }) => response,
        key: ({ account_id }) => account_id,
      },
      single(),
    );
    for await (const account of list) {
      accounts.set(account.account_id, account);
      yield customer(account.account_id, account.name);
    }

    yield* parent.each(
      accounts.values(),
      ({ account_id }) => account_id,
      async function* ({ account_id, api_hostname }) {
        const child = api_hostname
          ? parent.with({ base: `https://${parent.check(Host, api_hostname, 'api_hostname').toLowerCase()}` })
          : parent;
        const query = { account_id };
        const { response: summary } = await child.get('/admin/v1/info/summary', { query, schema: Summary });
        yield count(account_id, USERS, summary.user_count);
        try {
          const told =
            summary.edition ||
            (await child.get('/admin/v1/billing/edition', { query, schema: Edition })).response.edition;
          const edition = EDITION_NAMES.get(told) ?? told;
          yield words(account_id, EDITION, edition);
          if (edition === 'Duo Free') yield note('Duo Free is not billed', account_id);
        } catch (error) {
          // Not every account may read its billing; the number of users does not depend on it.
          if (!isReportError(error) || error.wide) throw error;
          const barred = error.name === 'VendorAuthError' || error instanceof RefusedAnswer;
          yield barred
            ? gap(account_id, EDITION, 'excluded', 'Duo does not say which')
            : gap(account_id, EDITION, 'failed', error.message);
        }
      },
    );
  },
});
