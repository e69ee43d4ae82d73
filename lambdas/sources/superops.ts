import * as z from 'zod/mini';
import { currencyCode } from '../billing/billed-csv/settings.ts';
import { superops } from '../psa/superops/access.ts';
import { quantity } from '../report/quantity.ts';
import { optional } from '../wire/options.ts';
import { customer, line, note, unread } from './reading/fact.ts';
import { apart } from './reading/odd-row.ts';
import { source } from './reading/source.ts';
import { lineOf } from './superops/line.ts';
import { clientsOf, contractsOf, itemsOf, mspTransport } from './superops/lists.ts';
import { rights } from './superops/rights.ts';

/**
 * Client contracts; each has one charge item, so it is agreement and line at once. What SuperOps counts itself has no
 * number on its contract; its proposed charges are not read, because a counted quantity is not compared.
 */
export default source({
  psa: superops,
  rights,
  namesCurrency: false,
  options: z.strictObject({
    currency: optional(
      currencyCode,
      'ISO 4217, such as USD; SuperOps names none, and without it no difference is shown in money',
    ),
  }),
  async *read(reader, settings) {
    const { period } = reader;
    const { currency } = settings;
    const transport = mspTransport(reader, settings);
    for await (const { accountId, name } of clientsOf(transport)) yield customer(accountId, name);

    const { sound: contracts, odd } = apart(await Array.fromAsync(contractsOf(transport)));
    for (const row of odd) yield unread(row.client.accountId, row.odd);
    const fromCatalog = contracts.some(
      ({ contract: { billableContract } }) =>
        billableContract?.sellingPriceOverridden !== true || billableContract.chargeItem.name == null,
    );
    const items = new Map(
      fromCatalog ? (await Array.fromAsync(itemsOf(transport))).map((item) => [item.itemId, item]) : [],
    );
    let empty = 0;
    for (const { contract, ...agreed } of contracts) {
      const { billableContract: sold } = contract;
      if (sold === null || sold === undefined) empty += 1;
      else yield line(lineOf({ agreed, contract, sold, item: items.get(sold.chargeItem.itemId), period, currency }));
    }
    if (empty > 0) yield note(`${quantity(empty, 'contract')} without a charge item, which bill nothing by the unit`);
  },
});
