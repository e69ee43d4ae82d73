import * as z from 'zod/mini';
import { readGuessedSeats, ruleFaults, subscriptionRules } from '../counting/guessed-subscriptions.ts';
import { companyCode } from '../counting/ids.ts';
import { vendor } from '../counting/vendor.ts';
import { dayIn } from '../report/day.ts';
import { headers } from '../wire/auth.ts';
import { textLike } from '../wire/forms.ts';
import { flag, optional, preset, required } from '../wire/options.ts';
import { MAY_HIDE } from '../wire/paging.ts';
import { readAccounts } from './synnex-australia/accounts.ts';
import { listsOf, members, paging, paths, SUBSCRIPTION } from './synnex-australia/lists.ts';
import { quota } from './synnex-australia/quota.ts';

const HOSTS = { production: 'partnerapi.synnex.com.au', staging: 'api-stage.synnexb2b.com.au' };
const headerName = textLike(/^[\w-]+$/u, 'the name of a header');

export default vendor({
  id: 'synnex-australia',
  name: 'Synnex Australia',
  prefix: 'Synnex AU',
  position: 190,
  customerId: { name: 'company code', schema: companyCode },
  columns: {},
  products:
    'quantity of live subscriptions of this product, in its unit (trials and usage-based ones left out; ' +
    `where ${MAY_HIDE})`,
  secret: { primaryKey: required('Primary key of the subscription in the developer portal') },
  configuration: {
    environment: preset(z.enum(['production', 'staging']), 'production', 'which of the two systems to read'),
    baseUrl: optional(z.url(), 'address of the API, if not the environment’s'),
    keyHeader: preset(headerName, 'Ocp-Apim-Subscription-Key', 'header that carries the key'),
    extraHeaders: preset(z.record(z.string(), z.string()), {}, 'additional headers, sent with every call'),
    sendCustomerKey: flag('send the company code as X-CUSTOMER-KEY with the calls for its accounts'),
    ...paths,
    nestedAccounts: optional(
      z.string(),
      'where a customer holds its accounts itself; then no list of accounts is read',
    ),
    ignoreUnlinkedAccounts: flag('skip accounts whose company is not listed, or not named'),
    ...paging,
    ...subscriptionRules,
    members,
  },
  check: ruleFaults,
  names: { units: 'subscriptions, by product', terms: ['quantity'] },
  setup: {
    create:
      'Experimental: the vendor publishes neither its host nor its answers, so what is expected here was inferred. Partner API ' +
      'developer portal > Profile > Subscriptions > Show next to the Primary key (`primaryKey`). Compare the first report with ' +
      'the portal. Where a path, a header or a field differs, the error lists the fields seen, and the configuration ' +
      'can change each of them',
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
    const { members: names, sendCustomerKey } = settings;
    const { subscriptionsOf, subscriptionIdOf: idOf, ...lists } = listsOf(settings);
    const kit = { rules: settings, today: dayIn(asOf, timeZone), what: SUBSCRIPTION, idOf };
    const accounts = yield* readAccounts(verbs, lists, settings);
    yield* verbs.each(accounts, (code, ids) => {
      const extra: Record<string, string> = sendCustomerKey ? { 'x-customer-key': code } : {};
      const lists = ids.map((id) => ({
        list: subscriptionsOf(id, code, extra),
        owners: [[names.subscriptionAccount, id] as const, [names.accountCompanyCode, code] as const],
      }));
      return readGuessedSeats(verbs, code, lists, kit);
    });
  },
});
