import { find, GuessedRow, textOf } from '../../counting/guessed-row.ts';
import { words } from '../../counting/words.ts';
import { guessedPages } from '../../wire/guessed-paging.ts';
import { type ListOf, listOf } from '../../wire/lists.ts';
import { guesses } from '../../wire/options.ts';

export const members = guesses(
  {
    customerId: ['customerNo', 'customerNumber', 'id', 'customerId'],
    customerName: ['companyName', 'name', 'customerName', 'displayName', 'company_name'],
    // Not `state`: that is part of the customer's address.
    customerState: ['status'],
    subscriptionId: ['id', 'subscriptionId', 'vendorSubscriptionId'],
    subscriptionCustomer: ['customerNo', 'customerNumber'],
    product: ['productName', 'serviceName', 'service_name', 'skuName', 'description', 'name'],
    sku: ['skuNo', 'sku', 'snxSkuNo', 'productSku', 'partNumber', 'mfgPartNo'],
    quantity: ['seats', 'quantity', 'seatQuantity', 'qty'],
    state: ['status', 'state'],
    trial: ['isTrial', 'trial'],
  },
  'names of the fields of a row',
);

type Settings = {
  members: Record<'customerId' | 'subscriptionId', readonly string[]>;
  customersPath: string;
  subscriptionsPath: string;
  recordsPath: string;
  totalPath: string;
  pageSize: number;
};

/** A subscription's row in messages. */
export const SUBSCRIPTION = 'Stellr subscription';

/** The two lists, at their configured paths. */
export function listsOf({ members: { customerId, subscriptionId }, ...settings }: Settings) {
  const { customersPath, subscriptionsPath, recordsPath, totalPath, pageSize } = settings;
  // Always both parameters: without them Stellr returns no records.
  const pagesOf = guessedPages({
    ...{ at: [recordsPath], total: [totalPath] },
    ...{ page: ['pageNo', 1], size: ['pageSize', pageSize] },
  });
  const customerNo = (row: GuessedRow): string => textOf(row, customerId, 'Stellr customer');
  const idOf = (row: GuessedRow): string =>
    textOf(withLine(row), [...subscriptionId, 'contractNo_lineNo'], SUBSCRIPTION);
  return {
    customerNo,
    idOf,
    customers: listOf(customersPath, GuessedRow, pagesOf('customers'), {
      ...{ name: 'customers', key: customerNo, configured: { path: 'customersPath', id: 'members.customerId' } },
    }),
    subscriptionsOf: (number: string): ListOf<GuessedRow> =>
      listOf(
        subscriptionsPath.replaceAll('{customerNo}', encodeURIComponent(number)),
        GuessedRow,
        pagesOf('subscriptions'),
        {
          ...{ name: `subscriptions of ${number}`, of: number, key: idOf },
          configured: { path: 'subscriptionsPath', id: 'members.subscriptionId' },
        },
      ),
  };
}

/** A subscription is a line of a contract, and is identified by both if it has no id. */
function withLine(row: GuessedRow): GuessedRow {
  const [contract, line] = ['contractNo', 'lineNo'].map((name) => find(row, [name]));
  return contract === undefined || line === undefined ? row : { ...row, contractNo_lineNo: `${contract}_${line}` };
}

/** A customer's own state. */
export const standingOf = words(
  'status',
  { listed: ['Active', 'Inactive'], deleted: ['Deleted', 'Terminated'] },
  { absent: 'listed' },
);
