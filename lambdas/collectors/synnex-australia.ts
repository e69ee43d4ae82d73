import * as z from 'zod/mini';
import { find, type GuessedRow } from '../counting/guessed-row.ts';
import {
  customerNamed,
  guessedSeats,
  refuseStranger,
  ruleFaults,
  subscriptionRules,
} from '../counting/guessed-subscriptions.ts';
import { companyCode } from '../counting/ids.ts';
import { vendor } from '../counting/vendor.ts';
import { dayIn } from '../report/day.ts';
import { headers } from '../wire/auth.ts';
import { flag, optional, preset, required } from '../wire/options.ts';
import { linkAccounts, nestedAccounts } from './synnex-australia/accounts.ts';
import { listsOf, members, paging, paths, SUBSCRIPTION } from './synnex-australia/lists.ts';
import { quota } from './synnex-australia/quota.ts';

const HOSTS = { production: 'partnerapi.synnex.com.au', staging: 'api-stage.synnexb2b.com.au' };
const headerName = z.string().check(z.regex(/^[\w-]+$/u, 'expected the name of a header'));

export default vendor({
  id: 'synnex-australia',
  name: 'Synnex Australia',
  prefix: 'Synnex AU',
  position: 190,
  customerId: { name: 'company code', schema: companyCode },
  secret: { primaryKey: required('Primary key of the subscription in the developer portal') },
  configuration: {
    environment: preset(z.enum(['production', 'staging']), 'production', 'which of the two systems to read'),
    baseUrl: optional(z.url(), 'address of the API, if not the environment’s'),
    keyHeader: preset(headerName, 'Ocp-Apim-Subscription-Key', 'header that carries the key'),
    extraHeaders: preset(z.record(z.string(), z.string()), {}, 'further headers, sent with every call'),
    sendCustomerKey: flag('send the company code as X-CUSTOMER-KEY with the calls for its accounts'),
    ...paths,
    nestedAccounts: optional(
      z.string(),
      'where a customer holds its accounts itself; then no list of accounts is read',
    ),
    ignoreUnlinkedAccounts: flag('pass over accounts whose company is not listed, or not named'),
    ...paging,
    ...subscriptionRules,
    members,
  },
  check: ruleFaults,
  columns: {},
  products: 'quantity of live subscriptions of this product, in its unit (trials and usage-based ones left out)',
  setup: {
    create:
      'Experimental: the vendor publishes neither its host nor its answers, so what is expected here was inferred. Partner API ' +
      'developer portal > Profile > Subscriptions > Show beside the Primary key (`primaryKey`). Compare the first report with ' +
      'the portal. Where a path, a header or a member is another one, the error lists the members seen, and the configuration ' +
      'takes every one of them',
    rights: [
      {
        right: 'the marketplace API',
        where: 'developer portal > Profile > Subscriptions',
        check: (api, { customersPath }) => api.send('GET', customersPath),
      },
    ],
  },
  api: ({ primaryKey, environment, baseUrl, keyHeader, extraHeaders }) => ({
    base: baseUrl ?? `https://${HOSTS[environment]}`,
    auth: headers({ [keyHeader.toLowerCase()]: primaryKey }),
    headers: extraHeaders,
    limit: { concurrency: 2 },
    classify: quota,
  }),
  async *collect(verbs, settings, { asOf, timeZone }) {
    const { api, read, each } = verbs;
    const { members: names, nestedAccounts: nested, ignoreUnlinkedAccounts, sendCustomerKey } = settings;
    const { customers, accounts: accountList, ...lists } = listsOf(settings);
    const { codeOf, accountIdOf, subscriptionsOf, subscriptionIdOf: idOf } = lists;
    const kit = { rules: settings, what: SUBSCRIPTION, idOf };
    const accounts = new Map<string, string[]>();
    const codes = new Map<string, string>();
    yield* read(customers, (row) => {
      const code = codeOf(row);
      accounts.set(code, nested === undefined ? [] : nestedAccounts(api, row, nested, accountIdOf));
      const id = find(row, names.companyId);
      if (id !== undefined) codes.set(String(id), code);
      return customerNamed(verbs, code, row, names.companyName, 'members.companyName');
    });
    if (nested === undefined) {
      const rules = { members: names, accountIdOf, ignoreUnlinkedAccounts };
      yield* linkAccounts(verbs, accountList, { accounts, codes }, rules);
    }
    yield* each(
      accounts,
      ([code]) => code,
      async function* ([code, ids]) {
        const extra: Record<string, string> = sendCustomerKey ? { 'x-customer-key': code } : {};
        for (const id of ids) {
          const rows: GuessedRow[] = [];
          yield* read(subscriptionsOf(id, code, extra), (row) => {
            refuseStranger(row, names.subscriptionAccount, id, SUBSCRIPTION);
            refuseStranger(row, names.accountCompanyCode, code, SUBSCRIPTION);
            rows.push(row);
            return undefined;
          });
          yield* guessedSeats(verbs, code, rows, { ...kit, today: dayIn(asOf, timeZone) });
        }
      },
    );
  },
});
