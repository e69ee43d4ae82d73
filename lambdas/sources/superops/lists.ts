import * as z from 'zod/mini';
import { type Graphql, graphql, id } from '../../psa/superops/graphql.ts';
import { readRows } from '../../psa/superops/lists.ts';
import { ReportError } from '../../report/errors.ts';
import { type OddRow, orOdd } from '../reading/odd-row.ts';
import type { Asked } from '../reading/rights.ts';
import { Client, ClientContract, Item } from './shapes.ts';

/** The path of contracts. Errors: `ConfigurationError` for the product that has none. */
export function mspTransport({ api, redactor }: Asked, { product }: { product: 'msp' | 'it' }): Graphql {
  if (product === 'msp') return graphql(api, product, { redactor });
  const what = '"product" is "it", and SuperOps for IT teams has no contracts';
  throw new ReportError('ConfigurationError', `secrets/superops.json: ${what}`, { wide: true });
}

const byName = { sort: { attribute: 'name', order: 'ASC' }, checksTotal: true } as const;

/** Clients of every stage: a former one can still be billed. */
export const clientsOf = (transport: Graphql): AsyncGenerator<z.output<typeof Client>> =>
  readRows(transport, {
    ...byName,
    query: 'getClientList',
    rows: 'clients',
    select: 'accountId name',
    row: Client,
    idOf: ({ accountId }) => accountId,
  });

/** The catalogue, for names, and for prices that a contract does not override. */
export const itemsOf = (transport: Graphql): AsyncGenerator<Item> =>
  readRows(transport, {
    ...byName,
    query: 'getServiceItemList',
    rows: 'items',
    select: 'itemId name unitPrice',
    row: Item,
    idOf: ({ itemId }) => itemId,
  });

const Known = z.object({ contractId: id, client: z.object({ accountId: id }) });

/** Contracts in every state: a condition on a wrong attribute name can hide rows instead of being refused. */
export const contractsOf = (transport: Graphql): AsyncGenerator<ClientContract | OddRow<z.output<typeof Known>>> =>
  readRows(transport, {
    query: 'getClientContractList',
    rows: 'clientContracts',
    select: `contractId client startDate endDate contractStatus contract { name contractType billableContract {
      chargeItem quantityCalculationType sellingPriceOverridden sellingPrice { model details { value } } discountRate
      frequencyType billableSiteType sites recurringContract { frequencyDurationUnit frequencyInterval nextBillDate }
      changes { effectiveDate endDate quantity quantityChangeOperation } } }`,
    row: orOdd('SuperOps contract', ClientContract, Known),
    idOf: ({ contractId }) => contractId,
    sort: { attribute: 'startDate', order: 'ASC' },
    checksTotal: true,
  });
