import * as z from 'zod/mini';
import { currencyCode } from '../billing/billed-csv/settings.ts';
import { connectwise } from '../psa/connectwise-psa/access.ts';
import { manageApi } from '../psa/connectwise-psa/manage.ts';
import { quantity } from '../report/quantity.ts';
import { lineOf } from './connectwise-psa/addition.ts';
import { catalogue } from './connectwise-psa/catalogue.ts';
import { additionsOf, openIn } from './connectwise-psa/lists.ts';
import { rights } from './connectwise-psa/rights.ts';
import { type Agreement, Agreements, Companies, fieldsOf } from './connectwise-psa/shapes.ts';
import { customer, line, note } from './reading/fact.ts';
import { source } from './reading/source.ts';

/**
 * Additions of agreements. They exist only below their agreement, so each agreement costs a call; a server-side filter on the
 * agreement's status would hide those that still bill their last month.
 */
export default source({
  psa: connectwise,
  rights,
  options: z.strictObject({
    /** ISO 4217, for agreements that name no currency. */
    currency: z.optional(currencyCode),
  }),
  async *read({ api, period, each }, { siteUrl, companyId, currency }) {
    const manage = manageApi(api, siteUrl, companyId);
    const listed = new Set<number>();
    const companies = { conditions: 'deletedFlag=false', fields: fieldsOf(Companies) };
    for await (const company of manage.list('/company/companies', Companies, companies)) {
      if (company.deletedFlag === true) continue;
      listed.add(company.id);
      yield customer(company.id, company.name, company.identifier === '' ? [] : [company.identifier]);
    }

    const agreements: Agreement[] = [];
    const open = { conditions: openIn(period), fields: fieldsOf(Agreements) };
    for await (const agreement of manage.list('/finance/agreements', Agreements, open)) agreements.push(agreement);
    const flat = agreements.filter(({ billAmount }) => billAmount !== undefined && billAmount !== '0').length;
    if (flat > 0)
      yield note(`${quantity(flat, 'agreement')} with a flat fee: such fees have no units and are not compared`);
    for (const { name, company } of agreements.filter(({ company }) => !listed.has(company.id))) {
      yield note(`agreement "${name}" belongs to ${company.name}, a company that was deleted in the PSA`);
    }

    const invoiced = agreements.filter(
      ({ nextInvoiceDate }) => nextInvoiceDate !== null && nextInvoiceDate > period.first,
    );
    if (invoiced.length > 0) {
      const when = quantity(invoiced.length, 'agreement');
      yield note(`${when} already invoiced for ${period.month}: what is changed now shows on the next invoice`);
    }

    const additions = additionsOf(manage, period);
    const below = { key: ({ id }: Agreement) => `agreement ${id}`, customer: ({ company }: Agreement) => company.id };
    yield* each(agreements, below, async function* (agreement) {
      for await (const addition of additions(agreement)) {
        // A parent's list may show the lines of its children too; each is read with its own agreement.
        if (addition.agreementId === agreement.id) yield line(lineOf(addition, agreement, period, currency));
      }
    });
  },
  products: catalogue,
});
