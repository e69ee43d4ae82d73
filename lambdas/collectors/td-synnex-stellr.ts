import * as z from 'zod/mini';
import { collector } from '../counting/collector.ts';
import { refuseSharedIds, rowsIn, totalIn, withoutBlanks } from '../counting/envelope.ts';
import { find, type GuessedRow, names, textOf } from '../counting/guessed-row.ts';
import { customerNamed, seatsOf, subscriptionRules } from '../counting/subscriptions.ts';
import { clientCredentials } from '../wire/auth.ts';
import { byPageUnknown } from '../wire/paging.ts';
import { pathIsWrong } from '../wire/refused-answer.ts';

const products = {
  prefix: 'TD SYNNEX Stellr',
  definition: 'seats of live subscriptions of this product (trials and usage-based ones left out)',
};

const path = (template: string) => z._default(z.string().check(z.startsWith('/')), template);

export default collector({
  id: 'td-synnex-stellr',
  name: 'TD SYNNEX Stellr',
  position: 170,
  customerId: {
    name: 'customerNo',
    schema: z.pipe(
      z.union([z.string(), z.number()]),
      z.pipe(z.transform(String), z.string().check(z.regex(/^[\w-]+$/u, 'expected a customer number without spaces'))),
    ),
  },
  secret: z.strictObject({ clientId: z.string(), clientSecret: z.string() }),
  configuration: z.strictObject({
    region: z.enum(['us', 'ca']),
    sandbox: z._default(z.boolean(), false),
    tokenUrl: z.optional(z.url()),
    baseUrl: z.optional(z.url()),
    scope: z.optional(z.string()),
    customersPath: path('/api/v1/cloud/customers'),
    subscriptionsPath: path('/api/v1/customers/{customerNo}/subscriptions'),
    pageSize: z._default(z.int().check(z.minimum(1), z.maximum(200)), 100),
    recordsPath: z._default(z.string(), 'data.records'),
    totalPath: z._default(z.string(), 'data.total'),
    ...subscriptionRules,
    members: z.prefault(
      z.strictObject({
        customerId: names('customerNo', 'customerNumber', 'id', 'customerId'),
        customerName: names('companyName', 'name', 'customerName', 'displayName', 'company_name'),
        /** Not `state`: that is a part of the customer's address. */
        customerState: names('status'),
        subscriptionId: names('id', 'subscriptionId', 'vendorSubscriptionId'),
        product: names('productName', 'serviceName', 'service_name', 'skuName', 'description', 'name'),
        sku: names('skuNo', 'sku', 'snxSkuNo', 'productSku', 'partNumber', 'mfgPartNo'),
        quantity: names('seats', 'quantity', 'seatQuantity', 'qty'),
        state: names('status', 'state'),
        trial: names('isTrial', 'trial'),
      }),
      {},
    ),
  }),
  columns: [],
  products,
  check: ({ subscriptionsPath }) =>
    subscriptionsPath.includes('{customerNo}') ? [] : ['subscriptionsPath: expected {customerNo} in it'],
  setup: {
    create:
      'ECexpress > StreamOne Stellr > Integration > Developer Resource > Developer Portal > My Account > Client Credentials, ' +
      'production or sandbox; they begin to work after some ten minutes',
    rights:
      'an organization administrator creates them. The names of members are not published: where they differ from what is ' +
      'expected, the error lists the members seen, and `members` in the configuration takes them',
  },
  api: ({ clientId, clientSecret, region, sandbox, tokenUrl, baseUrl, scope }) => {
    const token = tokenUrl ?? `https://sso.${region}.tdsynnex.com/oauth2/v1/token`;
    const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    return {
      name: 'Stellr',
      base: baseUrl ?? `https://api${sandbox ? '-uat' : ''}.${region}.tdsynnex.com`,
      hosts: [new URL(token).host],
      auth: clientCredentials({ url: token, fields: { ...fields, ...(scope === undefined ? {} : { scope }) } }),
      limit: { concurrency: 3 },
    };
  },
  async *collect(api, settings) {
    const { members, recordsPath, totalPath, subscriptionsPath, customersPath } = settings;
    const totalOf = (body: unknown) => totalIn(body, [totalPath]);
    // Both parameters, always: without them Stellr answers with no records.
    const pagesOf = byPageUnknown<unknown>({
      param: 'pageNo',
      first: 1,
      size: { param: 'pageSize', value: settings.pageSize },
      declared: (body) => ({ rows: totalOf(body) }),
    });
    async function* list(at: string, name: string, option: string, idOf: (row: GuessedRow) => string) {
      const what = `Stellr list ${name}`;
      const rows = (body: unknown) =>
        refuseSharedIds(rowsIn(body, [recordsPath], what, totalOf(body)).map(withoutBlanks), idOf, what);
      try {
        yield* api.pages(at, { list: name, page: z.unknown(), rows, key: idOf }, pagesOf(option));
      } catch (error) {
        throw pathIsWrong(error, option);
      }
    }
    const customerNo = (row: GuessedRow) => textOf(row, members.customerId, 'Stellr customer');
    const subscriptionId = (row: GuessedRow) => {
      const [contract, line] = [find(row, ['contractNo']), find(row, ['lineNo'])];
      const composed = contract === undefined || line === undefined ? {} : { composed: `${contract}_${line}` };
      return textOf({ ...row, ...composed }, [...members.subscriptionId, 'composed'], 'Stellr subscription');
    };

    const numbers: string[] = [];
    for await (const row of list(customersPath, 'customers', 'customersPath', customerNo)) {
      const deleted = /delet|terminat/iu.test(String(find(row, members.customerState)));
      if (deleted) continue;
      const number = customerNo(row);
      numbers.push(number);
      yield* customerNamed(number, row, members.customerName, 'members.customerName');
    }

    yield* api.each(numbers, String, async function* (number) {
      const at = subscriptionsPath.replaceAll('{customerNo}', encodeURIComponent(number));
      const rows: GuessedRow[] = [];
      const subscriptions = list(at, `subscriptions of ${number}`, 'subscriptionsPath', subscriptionId);
      for await (const row of subscriptions) rows.push(row);
      yield* seatsOf(number, rows, products, settings, 'Stellr subscription');
    });
  },
});
