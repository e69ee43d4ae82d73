import * as z from 'zod/mini';
import { find } from '../counting/guessed-row.ts';
import { customerNamed, readGuessedSeats, ruleFaults, subscriptionRules } from '../counting/guessed-subscriptions.ts';
import { stellrCustomer } from '../counting/ids.ts';
import { vendor } from '../counting/vendor.ts';
import { UnknownWord } from '../counting/words.ts';
import { dayIn } from '../report/day.ts';
import { clientCredentials, clientFields } from '../wire/auth.ts';
import { flag, optional, preset, required, template } from '../wire/options.ts';
import { MAY_HIDE } from '../wire/paging.ts';
import { listsOf, members, SUBSCRIPTION, standingOf } from './td-synnex-stellr/lists.ts';

export default vendor({
  id: 'td-synnex-stellr',
  name: 'TD SYNNEX Stellr',
  position: 170,
  customerId: { name: 'customerNo', schema: stellrCustomer },
  columns: {},
  products: `seats of live subscriptions of this product (trials and usage-based ones left out; where ${MAY_HIDE})`,
  secret: {
    clientId: required('Client ID of the client credentials'),
    clientSecret: required('their secret, shown once'),
  },
  configuration: {
    region: required('where you buy', z.enum(['us', 'ca'])),
    sandbox: flag('read the sandbox instead of production'),
    tokenUrl: optional(z.url(), 'where tokens come from, if not from the region’s sso host'),
    baseUrl: optional(z.url(), 'address of the API, if not the region’s'),
    scope: optional(z.string(), 'scope of the token; usually none'),
    customersPath: template('/api/v1/cloud/customers', 'list of customers'),
    subscriptionsPath: template('/api/v1/customers/{customerNo}/subscriptions', 'list of a customer’s subscriptions'),
    pageSize: preset(z.int().check(z.minimum(1), z.maximum(200)), 100, 'rows per page'),
    recordsPath: preset(z.string(), 'data.records', 'where the rows are in an answer'),
    totalPath: preset(z.string(), 'data.total', 'where the number of rows is in an answer'),
    ...subscriptionRules,
    members,
  },
  check: ruleFaults,
  names: { units: 'subscriptions, by product', terms: ['quantity', 'billingTerm', 'commitment'] },
  setup: {
    create:
      'ECexpress > StreamOne Stellr > Integration > Developer Resource > Developer Portal > My Account > Client Credentials, ' +
      'production or sandbox; an organization administrator creates them, and they start to work after about ten minutes. The ' +
      'names of fields are not published: where they differ from what is expected, the error lists the fields seen, and ' +
      '`members` in the configuration changes them',
    rights: [
      {
        right: 'reading customers and their subscriptions',
        where: 'Developer Portal > My Account > Client Credentials',
        check: (api, { customersPath }) => api.send('GET', customersPath, { query: { pageNo: 1, pageSize: 1 } }),
      },
    ],
  },
  api: ({ region, sandbox, tokenUrl, baseUrl, scope, ...client }) => {
    const token = tokenUrl ?? `https://sso.${region}.tdsynnex.com/oauth2/v1/token`;
    return {
      base: baseUrl ?? `https://api${sandbox ? '-uat' : ''}.${region}.tdsynnex.com`,
      hosts: [new URL(token).host],
      auth: clientCredentials({ url: token, fields: clientFields(client, scope === undefined ? {} : { scope }) }),
      limit: { concurrency: 3 },
    };
  },
  async *collect(verbs, settings, { asOf, timeZone }) {
    const { read, each, note } = verbs;
    const { members } = settings;
    const { customers, customerNo, subscriptionsOf, idOf } = listsOf(settings);
    const numbers = new Set<string>();
    yield* read(customers, function* (row) {
      const number = customerNo(row);
      const standing = standingOf(String(find(row, members.customerState) ?? ''));
      if (standing === 'deleted') return;
      numbers.add(number);
      yield* customerNamed(verbs, number, row, members.customerName, 'members.customerName');
      // Its subscriptions have states of their own: whatever this word means, no number depends on it.
      if (standing instanceof UnknownWord) yield note(standing.reason, number);
    });
    const kit = { rules: settings, today: dayIn(asOf, timeZone), what: SUBSCRIPTION, idOf };
    yield* each(numbers.entries(), (number) => {
      const owners = [[members.subscriptionCustomer, number] as const];
      return readGuessedSeats(verbs, number, [{ list: subscriptionsOf(number), owners }], kit);
    });
  },
});
