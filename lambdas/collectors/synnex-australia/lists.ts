import * as z from 'zod/mini';
import { GuessedRow, textOf, wordOf } from '../../counting/guessed-row.ts';
import { guessedPages, guessedWhole } from '../../wire/guessed-paging.ts';
import { type ListOf, listOf } from '../../wire/lists.ts';
import { guesses, optional, preset, template } from '../../wire/options.ts';

export const members = guesses(
  {
    companyCode: ['externalCustomerCompanyCode', 'customerCompanyCode', 'customerCode', 'companyCode'],
    companyId: ['customerCompanyId', 'companyId', 'customerId', 'id'],
    companyName: ['customerCompanyName', 'companyName', 'customerName', 'name'],
    accountId: ['accountId', 'cloudAccountId', 'id'],
    // An account is linked to its company by these, never by the company's name alone.
    accountCompanyCode: ['externalCustomerCompanyCode', 'customerCompanyCode', 'customerCode'],
    accountCompanyId: ['customerCompanyId'],
    subscriptionId: ['subscriptionId', 'id'],
    subscriptionAccount: ['accountId', 'cloudAccountId'],
    product: ['productName', 'planName', 'offerName', 'subscriptionName', 'name'],
    sku: ['sku', 'partNumber', 'productCode'],
    quantity: ['quantity', 'seats', 'licenseQuantity', 'noOfLicenses', 'units'],
    unit: ['unit', 'unitType', 'unitOfMeasure', 'uom'],
    state: ['subscriptionStatus', 'status', 'state'],
    trial: ['isTrial', 'trial'],
  },
  'names of the fields of a row',
);

const MARKETPLACE = '/cloud-products/v1/marketplace';

/** Where the lists are. */
export const paths = {
  customersPath: template(`${MARKETPLACE}/customerCompany`, 'list of customers'),
  accountsPath: template(`${MARKETPLACE}/cloudAccount`, 'list of their accounts'),
  subscriptionsPath: template(
    `${MARKETPLACE}/subscription/subscriptionsByAccountId/{accountId}`,
    'list of an account’s subscriptions',
  ),
};

/** How lists are paged. */
export const paging = {
  rowsPath: optional(z.string(), 'where the rows are in an answer, if not in a usual place'),
  pagination: preset(z.enum(['none', 'page']), 'none', '`page` where lists come in numbered pages'),
  pageParam: preset(z.string(), 'pageNumber', 'parameter for the page number'),
  sizeParam: preset(z.string(), 'pageSize', 'parameter for the number of rows per page'),
  firstPage: preset(z.union([z.literal(0), z.literal(1)]), 1, 'number of the first page'),
  pageSize: preset(z.int().check(z.minimum(1)), 100, 'rows per page'),
};

/** Where the list can be in an answer: the answer itself, one of these fields, or a field of one of these. */
const HOLDERS = ['data', 'items', 'content', 'results', 'result', 'records', 'list'];
const ROWS = ['', ...HOLDERS, ...HOLDERS.flatMap((outer) => HOLDERS.map((inner) => `${outer}.${inner}`))];
const TOTALS = ['', ...HOLDERS.map((holder) => `${holder}.`), 'page.', 'pagination.', 'meta.'].flatMap((at) =>
  ['total', 'totalCount', 'totalElements', 'totalRecords'].map((name) => `${at}${name}`),
);

type Paged = z.output<z.ZodMiniObject<typeof paging>>;

type Settings = Paged & {
  members: Record<'companyCode' | 'accountId' | 'subscriptionId', readonly string[]>;
  customersPath: string;
  accountsPath: string;
  subscriptionsPath: string;
};

/** What a row is, in messages. */
export const SUBSCRIPTION = 'Synnex Australia subscription';

/** The three lists, at the paths of the configuration, each with the id of its rows. */
export function listsOf(settings: Settings) {
  const { members: names, customersPath, accountsPath, subscriptionsPath } = settings;
  const pagesOf = pagingOf(settings);
  const codeOf = (row: GuessedRow): string => textOf(row, names.companyCode, 'Synnex Australia customer');
  const accountIdOf = (row: GuessedRow): string => textOf(row, names.accountId, 'Synnex Australia account');
  const subscriptionIdOf = (row: GuessedRow): string => textOf(row, names.subscriptionId, SUBSCRIPTION);
  return {
    ...{ codeOf, accountIdOf, subscriptionIdOf },
    customers: listOf(customersPath, GuessedRow, pagesOf('customers'), {
      ...{ name: 'customers', key: codeOf, configured: { path: 'customersPath', id: 'members.companyCode' } },
    }),
    accounts: listOf(accountsPath, GuessedRow, pagesOf('accounts'), {
      // One without an id costs the customer that it names.
      ...{
        name: 'accounts',
        key: (row) => wordOf(row, names.accountId) ?? JSON.stringify(row),
        configured: { path: 'accountsPath', id: 'members.accountId' },
      },
    }),
    subscriptionsOf: (account: string, code: string, headers: Record<string, string>): ListOf<GuessedRow> =>
      listOf(
        subscriptionsPath.replaceAll('{accountId}', encodeURIComponent(account)),
        GuessedRow,
        pagesOf('subscriptions'),
        {
          ...{ name: `subscriptions of account ${account}`, of: code, key: subscriptionIdOf, headers },
          configured: { path: 'subscriptionsPath', id: 'members.subscriptionId' },
        },
      ),
  };
}

function pagingOf({ rowsPath, pagination, pageParam, sizeParam, firstPage, pageSize }: Paged) {
  const places = { at: rowsPath === undefined ? ROWS : [rowsPath], total: TOTALS };
  return pagination === 'none'
    ? () => guessedWhole(places, 'pagination')
    : guessedPages({ ...places, page: [pageParam, firstPage], size: [sizeParam, pageSize] });
}
