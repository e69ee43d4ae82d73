import * as z from 'zod/mini';
import { currencyCode } from '../billing/billed-csv/settings.ts';
import { connectwise } from '../psa/connectwise-psa/access.ts';
import { type Manage, manageApi } from '../psa/connectwise-psa/manage.ts';
import { quantity } from '../report/quantity.ts';
import { optional } from '../wire/options.ts';
import { lineOf } from './connectwise-psa/addition.ts';
import { catalogue } from './connectwise-psa/catalogue.ts';
import { type Family, familiesOf } from './connectwise-psa/family.ts';
import { additionsOf, openIn } from './connectwise-psa/lists.ts';
import { nextInvoiceOf, recapsOf } from './connectwise-psa/recap.ts';
import { remarksOn } from './connectwise-psa/remarks.ts';
import { rights } from './connectwise-psa/rights.ts';
import { Agreements, agreementFields, Companies, fieldsOf } from './connectwise-psa/shapes.ts';
import { syncedProducts } from './connectwise-psa/synced.ts';
import { currencyFinder } from './reading/currency.ts';
import { type BilledFact, customer, line, note, type ReadLine, unread } from './reading/fact.ts';
import { apart } from './reading/odd-row.ts';
import { disagreeing, totalsDiffer } from './reading/own-total.ts';
import { source } from './reading/source.ts';

const NOT_CHECKED =
  'lines were not checked against the next invoice of an agreement where one begins or ends around it, or where its recap does not say';

/**
 * Additions of agreements. They can only be listed per agreement, so each agreement costs a call; a server-side filter
 * on the agreement's status would hide those that still bill their last month.
 */
export default source({
  psa: connectwise,
  rights,
  namesCurrency: true,
  options: z.strictObject({
    currency: optional(currencyCode, 'ISO 4217, such as USD, for agreements that name none'),
    totalsDiffer,
  }),
  async *read({ api, period, each }, { siteUrl, companyId, currency, totalsDiffer }) {
    const manage = manageApi(api, siteUrl, companyId);
    const listed = yield* readCompanies(manage);
    const open = { conditions: openIn(period), fields: agreementFields };
    const { sound: agreements, odd } = apart(
      await Array.fromAsync(manage.list('/finance/agreements', Agreements, open)),
    );
    for (const row of odd) yield unread(row.company.id, row.odd);
    yield* remarksOn(agreements, listed, period);

    const remarks: BilledFact[] = [];
    const say = (remark: string) => remarks.push(note(remark));
    const isSynced = await syncedProducts(manage, say);
    const recaps = await recapsOf(manage, say);
    const families = familiesOf(agreements);
    const uncovered = families.filter(({ head }) => recaps?.has(head.id) === false).length;
    if (uncovered > 0) say(`${quantity(uncovered, 'agreement')} without a ConnectWise total to check against`);
    yield* remarks;

    const additions = additionsOf(manage, period);
    const currencyOf = currencyFinder(
      agreements.map((agreement) => agreement.currency?.currencyCode),
      currency,
    );
    const invoicedTogether = {
      key: ({ head }: Family) => `agreement ${head.id}`,
      customers: ({ members }: Family) => members.map(({ company }) => company.id),
    };
    yield* each(families, invoicedTogether, async function* (family) {
      const lines: ReadLine[] = [];
      for (const agreement of family.members) {
        for await (const addition of additions(agreement)) {
          // A parent's list can contain the lines of its children too; each is read with its own agreement.
          if (addition.agreementId !== agreement.id) continue;
          const read = lineOf(addition, {
            ...{ agreement, period, currency: currencyOf(agreement.currency?.currencyCode) },
            isSynced: isSynced(addition, agreement),
          });
          lines.push(read);
          yield line(read);
        }
      }
      const recap = recaps?.get(family.head.id);
      const invoice = recap === undefined ? 'agrees' : nextInvoiceOf(family, lines, recap, period);
      if (invoice === 'not checked') yield note(NOT_CHECKED);
      else if (invoice !== 'agrees')
        yield* disagreeing(invoicedTogether.customers(family), invoice.disagreement, totalsDiffer);
    });
  },
  products: catalogue,
});

/** Lists the companies as customers; returns their ids. */
async function* readCompanies(manage: Manage): AsyncGenerator<BilledFact, ReadonlySet<number>> {
  const listed = new Set<number>();
  const query = { conditions: 'deletedFlag=false', fields: fieldsOf(Companies) };
  for await (const { id, name, identifier, deletedFlag } of manage.list('/company/companies', Companies, query)) {
    if (deletedFlag === true) continue;
    listed.add(id);
    yield customer(id, name, identifier ? [identifier] : []);
  }
  return listed;
}
