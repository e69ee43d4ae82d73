import * as z from 'zod/mini';
import { collector, customer, note } from '../counting/collector.ts';
import { moreAnnounced, refuseSharedIds, rowsIn, totalIn, withoutBlanks } from '../counting/envelope.ts';
import { find, type GuessedRow, names, textOf } from '../counting/guessed-row.ts';
import { customerNamed, seatsOf, subscriptionRules } from '../counting/subscriptions.ts';
import { ReportError } from '../report/errors.ts';
import { headers } from '../wire/auth.ts';
import { type Classify, waitInWords } from '../wire/classify.ts';
import { byPageUnknown, single } from '../wire/paging.ts';
import { pathIsWrong } from '../wire/refused-answer.ts';

const products = {
  prefix: 'Synnex AU',
  definition: 'quantity of live subscriptions of this product, in its unit (trials and usage-based ones left out)',
};

const HOSTS = { production: 'partnerapi.synnex.com.au', staging: 'api-stage.synnexb2b.com.au' };
const MARKETPLACE = '/cloud-products/v1/marketplace';

/** Where the list may be in an answer: the answer itself, one of these members, or a member of one of these. */
const HOLDERS = ['data', 'items', 'content', 'results', 'result', 'records', 'list'];
const ROWS = ['', ...HOLDERS, ...HOLDERS.flatMap((outer) => HOLDERS.map((inner) => `${outer}.${inner}`))];
const TOTALS = ['', ...HOLDERS.map((holder) => `${holder}.`), 'page.', 'pagination.', 'meta.'].flatMap((at) =>
  ['total', 'totalCount', 'totalElements', 'totalRecords'].map((name) => `${at}${name}`),
);

/** The gateway answers 403 when a quota is used up, and says until when: "… will be replenished in 00:12:30". */
const quota: Classify = (answer, now) => {
  if (answer.status !== 403) return waitInWords(answer, now);
  const [, hours, minutes, seconds] =
    /quota.*?(\d+):(\d\d):(\d\d)/isu.exec(Buffer.from(answer.body).toString('utf8')) ?? [];
  if (hours === undefined) return undefined;
  return { verdict: 'limited', after: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) };
};

const path = (template: string) => z._default(z.string().check(z.startsWith('/')), template);

export default collector({
  id: 'synnex-australia',
  name: 'Synnex Australia',
  position: 190,
  customerId: {
    name: 'company code',
    schema: z.string().check(z.regex(/^\S+$/u, 'expected a company code, without spaces')),
  },
  secret: z.strictObject({ primaryKey: z.string() }),
  configuration: z.strictObject({
    environment: z._default(z.enum(['production', 'staging']), 'production'),
    baseUrl: z.optional(z.url()),
    keyHeader: z._default(
      z.string().check(z.regex(/^[\w-]+$/u, 'expected the name of a header')),
      'Ocp-Apim-Subscription-Key',
    ),
    extraHeaders: z._default(z.record(z.string(), z.string()), {}),
    /** Send the company code as X-CUSTOMER-KEY with the calls for its accounts. */
    sendCustomerKey: z._default(z.boolean(), false),
    customersPath: path(`${MARKETPLACE}/customerCompany`),
    accountsPath: path(`${MARKETPLACE}/cloudAccount`),
    subscriptionsPath: path(`${MARKETPLACE}/subscription/subscriptionsByAccountId/{accountId}`),
    /** The member of a customer that holds its accounts, where there is one; then no list of accounts is read. */
    nestedAccounts: z.optional(z.string()),
    /** Pass over accounts that no listed customer owns: one whose code the list does not hold, and one without a code. */
    ignoreUnlinkedAccounts: z._default(z.boolean(), false),
    rowsPath: z.optional(z.string()),
    pagination: z._default(z.enum(['none', 'page']), 'none'),
    pageParam: z._default(z.string(), 'pageNumber'),
    sizeParam: z._default(z.string(), 'pageSize'),
    firstPage: z._default(z.union([z.literal(0), z.literal(1)]), 1),
    pageSize: z._default(z.int().check(z.minimum(1)), 100),
    ...subscriptionRules,
    members: z.prefault(
      z.strictObject({
        companyCode: names('externalCustomerCompanyCode', 'customerCompanyCode', 'customerCode', 'companyCode'),
        companyId: names('customerCompanyId', 'companyId', 'customerId', 'id'),
        companyName: names('customerCompanyName', 'companyName', 'customerName', 'name'),
        accountId: names('accountId', 'cloudAccountId', 'id'),
        /** How an account names its company; by its name alone it is never linked. */
        accountCompanyCode: names('externalCustomerCompanyCode', 'customerCompanyCode', 'customerCode'),
        accountCompanyId: names('customerCompanyId'),
        subscriptionId: names('subscriptionId', 'id'),
        product: names('productName', 'planName', 'offerName', 'subscriptionName', 'name'),
        sku: names('sku', 'partNumber', 'productCode'),
        quantity: names('quantity', 'seats', 'licenseQuantity', 'noOfLicenses', 'units'),
        unit: names('unit', 'unitType', 'unitOfMeasure', 'uom'),
        state: names('subscriptionStatus', 'status', 'state'),
        trial: names('isTrial', 'trial'),
      }),
      {},
    ),
  }),
  columns: [],
  products,
  check: ({ subscriptionsPath }) =>
    subscriptionsPath.includes('{accountId}') ? [] : ['subscriptionsPath: expected {accountId} in it'],
  setup: {
    create:
      'Experimental: the vendor publishes neither its host nor its answers, so what is expected here was inferred. Partner API ' +
      'developer portal > Profile > Subscriptions > Show beside the Primary key (`primaryKey`)',
    rights:
      'the marketplace API. Compare the first report with the portal. Where a path, a header or a member is another one, the ' +
      'error lists the members seen, and the configuration takes every one of them',
  },
  api: ({ primaryKey, environment, baseUrl, keyHeader, extraHeaders }) => ({
    name: 'Synnex Australia',
    base: baseUrl ?? `https://${HOSTS[environment]}`,
    auth: headers({ [keyHeader.toLowerCase()]: primaryKey }),
    headers: extraHeaders,
    limit: { concurrency: 2 },
    classify: quota,
  }),
  async *collect(api, settings) {
    const { members, pagination } = settings;
    const totalOf = (body: unknown) => totalIn(body, TOTALS);
    const declared = (body: unknown) => ({ rows: totalOf(body) });
    const { pageParam: param, sizeParam, pageSize, firstPage: first } = settings;
    const pagesOf =
      pagination === 'none'
        ? () => single<unknown>(declared)
        : byPageUnknown<unknown>({ param, first, size: { param: sizeParam, value: pageSize }, declared });
    async function* list(
      option: 'customersPath' | 'accountsPath' | 'subscriptionsPath',
      at: string,
      name: string,
      idOf: (row: GuessedRow) => string,
      extra: Record<string, string> = {},
    ) {
      const what = `Synnex Australia list ${name}`;
      const rows = (body: unknown) => {
        const total = totalOf(body);
        const found = rowsIn(body, settings.rowsPath === undefined ? ROWS : [settings.rowsPath], what, total);
        const sign = moreAnnounced(body);
        const short = total !== undefined && total > found.length;
        if (pagination === 'none' && (short || sign !== undefined)) {
          const told = short ? `${found.length} of ${total} rows came` : `${sign} says that more rows follow`;
          throw new ReportError('VendorContractError', `${what}: ${told}: the answer is paged, configure pagination`);
        }
        return refuseSharedIds(found.map(withoutBlanks), idOf, what);
      };
      try {
        yield* api.pages(at, { list: name, headers: extra, page: z.unknown(), rows, key: idOf }, pagesOf(option));
      } catch (error) {
        throw pathIsWrong(error, option);
      }
    }
    const accountId = (row: GuessedRow) => textOf(row, members.accountId, 'Synnex Australia account');
    const codeOf = (row: GuessedRow) => textOf(row, members.companyCode, 'Synnex Australia customer');

    const accounts = new Map<string, string[]>();
    const codes = new Map<string, string>();
    for await (const row of list('customersPath', settings.customersPath, 'customers', codeOf)) {
      const code = codeOf(row);
      yield* customerNamed(code, row, members.companyName, 'members.companyName');
      const nested =
        settings.nestedAccounts === undefined
          ? []
          : rowsIn(row, [settings.nestedAccounts], 'Synnex Australia customer');
      accounts.set(code, nested.map(accountId));
      const id = find(row, members.companyId);
      if (id !== undefined) codes.set(String(id), code);
    }

    let linked = 0;
    let unlinked = 0;
    const strangers = new Map<string, string[]>();
    if (settings.nestedAccounts === undefined) {
      const unowned = (row: GuessedRow) =>
        new ReportError(
          'VendorContractError',
          'Synnex Australia list accounts: an account belongs to none of the customers listed ' +
            `(members seen: ${Object.keys(row).join(', ')}); say in members which one names its company, or set ignoreUnlinkedAccounts`,
        );
      let last: GuessedRow | undefined;
      for await (const row of list('accountsPath', settings.accountsPath, 'accounts', accountId)) {
        const named =
          find(row, members.accountCompanyCode) === undefined
            ? undefined
            : textOf(row, members.accountCompanyCode, 'Synnex Australia account');
        const code = String(named ?? codes.get(String(find(row, members.accountCompanyId)))).trim();
        const own = accounts.get(code);
        if (own !== undefined) {
          own.push(accountId(row));
          linked += 1;
        } else if (settings.ignoreUnlinkedAccounts) unlinked += 1;
        else if (named === undefined || code === '') throw unowned(row);
        else {
          strangers.set(code, [...(strangers.get(code) ?? []), accountId(row)]);
          last = row;
        }
      }
      // Where not one account has a listed customer, the codes of the two lists are not the same thing.
      if (linked === 0 && last !== undefined) throw unowned(last);
    }
    for (const [code, ids] of strangers) {
      yield customer(code, code);
      yield note('the list of customers does not hold this code: only its accounts name it', code);
      accounts.set(code, ids);
    }
    if (unlinked > 0) yield note(`${unlinked} accounts belong to none of the customers listed: left out`);

    yield* api.each(
      accounts,
      ([code]) => code,
      async function* ([code, ids]) {
        const extra: Record<string, string> = settings.sendCustomerKey ? { 'x-customer-key': code } : {};
        for (const id of ids) {
          const at = settings.subscriptionsPath.replaceAll('{accountId}', encodeURIComponent(id));
          const rows: GuessedRow[] = [];
          const idOf = (row: GuessedRow) => textOf(row, members.subscriptionId, 'Synnex Australia subscription');
          const name = `subscriptions of account ${id}`;
          for await (const row of list('subscriptionsPath', at, name, idOf, extra)) rows.push(row);
          yield* seatsOf(code, rows, products, settings, 'Synnex Australia subscription');
        }
      },
    );
  },
});
