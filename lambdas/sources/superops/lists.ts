import type * as z from 'zod/mini';
import type { Graphql } from '../../psa/superops/graphql.ts';
import { readRows } from '../../psa/superops/lists.ts';
import { Client, ClientContract, Item } from './shapes.ts';

const byName = { sort: { attribute: 'name', order: 'ASC' }, checksTotal: true } as const;

/** Clients of every stage: one that left may still be billed. */
export const clientsOf = (desk: Graphql): AsyncGenerator<z.output<typeof Client>> =>
  readRows(desk, {
    ...byName,
    query: 'getClientList',
    rows: 'clients',
    select: 'accountId name',
    row: Client,
    idOf: ({ accountId }) => accountId,
  });

/** The catalogue, for names, and for prices that a contract does not override. */
export const itemsOf = (desk: Graphql): AsyncGenerator<Item> =>
  readRows(desk, {
    ...byName,
    query: 'getServiceItemList',
    rows: 'items',
    select: 'itemId name unitPrice',
    row: Item,
    idOf: ({ itemId }) => itemId,
  });

/** Contracts in every state: a condition whose attribute has another name may hide rows instead of being refused. */
export const contractsOf = (desk: Graphql): AsyncGenerator<ClientContract> =>
  readRows(desk, {
    query: 'getClientContractList',
    rows: 'clientContracts',
    select: `contractId client startDate endDate contractStatus contract { name contractType billableContract {
      chargeItem quantityCalculationType sellingPriceOverridden sellingPrice { model details { value } } discountRate
      frequencyType billableSiteType sites recurringContract { frequencyDurationUnit frequencyInterval nextBillDate }
      changes { effectiveDate endDate quantity quantityChangeOperation } } }`,
    row: ClientContract,
    idOf: ({ contractId }) => contractId,
    sort: { attribute: 'startDate', order: 'ASC' },
    checksTotal: true,
  });
