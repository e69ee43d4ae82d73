import * as z from 'zod/mini';
import { currencyCode } from '../billing/billed-csv/settings.ts';
import { bms } from '../psa/kaseya-bms/access.ts';
import { quantity } from '../report/quantity.ts';
import { optional } from '../wire/options.ts';
import { billsIn, type ContractBills, counts, covers, unequalBills } from './kaseya-bms/bills.ts';
import { estimateOf } from './kaseya-bms/estimate.ts';
import { lineOf, monthsOf, strayLines } from './kaseya-bms/line.ts';
import { accountsOf, billedIn, catalogueOf, contractsOf, relatedTo } from './kaseya-bms/lists.ts';
import { rights } from './kaseya-bms/rights.ts';
import { customer, line, note, unread } from './reading/fact.ts';
import { apart } from './reading/odd-row.ts';
import { source } from './reading/source.ts';

const NO_BILLS: ContractBills = { newest: [], byService: new Map() };

/**
 * Services of recurring contracts, by their last bill: the API shows who has which service at what price, but not the
 * present number of units. An earlier month's number is compared only if price and contract show that nothing changed
 * since.
 */
export default source({
  psa: bms,
  rights,
  namesCurrency: false,
  options: z.strictObject({
    currency: optional(
      currencyCode,
      'ISO 4217, such as USD; Kaseya BMS names none, and without it no difference is shown in money',
    ),
    invoiceStatuses: optional(
      z.array(z.string()),
      'names of the invoice statuses that count; if left out, all except drafts and voided ones',
    ),
  }),
  async *read({ api, period }, { currency, invoiceStatuses }) {
    for await (const { id, accountname } of accountsOf(api)) yield customer(id, accountname);

    const contracts = await contractsOf(api);
    const catalogue = await catalogueOf(api);
    const { sound: related, odd } = apart(await relatedTo(api, [...catalogue.keys()], period));

    const cycles = related.map(({ contractid }) => monthsOf(contracts.get(contractid)) ?? 1);
    const { sound: bills, odd: oddBills } = apart(
      await billedIn(
        api,
        period,
        cycles.reduce((most, months) => Math.max(most, months), 1),
      ),
    );
    for (const row of [...odd, ...oddBills]) yield unread(row.accountid, row.odd);
    const counted = bills.filter(({ header }) => counts(header, invoiceStatuses));
    for (const fault of unequalBills(counted)) yield unread(fault.accountId, fault.error);
    const left = bills.length - counted.length;
    if (left > 0) yield note(`${quantity(left, 'invoice')} left out for the status`);

    const byContract = billsIn(counted, period);
    const groups = Map.groupBy(related, ({ contractid }) => contractid);
    for (const [contractId, services] of groups) {
      const contract = contracts.get(contractId);
      const billed = byContract.get(contractId) ?? NO_BILLS;
      for (const [service, estimate] of estimateOf(services, billed, contract, period)) {
        yield line(lineOf({ service, estimate, contract, sold: catalogue.get(service.serviceid), period, currency }));
      }
      for (const stray of strayLines(services, billed.newest, currency)) yield line(stray);
    }
    for (const [contractId, { newest }] of byContract) {
      if (groups.has(contractId)) continue;
      const current = newest.filter(({ header }) => covers(header, period.first));
      for (const stray of strayLines([], current, currency)) yield line(stray);
    }
  },
});
