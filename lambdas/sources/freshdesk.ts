import * as z from 'zod/mini';
import { currencyCode } from '../billing/billed-csv/settings.ts';
import { freshdesk } from '../psa/freshdesk/access.ts';
import { optional, preset } from '../wire/options.ts';
import { lineInField } from './freshdesk/company-field.ts';
import { companiesOf, expectFields, objectOf, recordsOf } from './freshdesk/lists.ts';
import { companyFinder, fieldsOf, isLookup, labelsShape, lineOf } from './freshdesk/record.ts';
import { rights } from './freshdesk/rights.ts';
import { customer, line, note } from './reading/fact.ts';
import { source } from './reading/source.ts';

/**
 * Freshdesk has no agreements, prices or invoices. What an MSP records there can be read: records of a custom object,
 * one per line, or number fields of the company, one per product.
 */
export default source({
  psa: freshdesk,
  experimental:
    'Freshdesk does not bill; the numbers are only as good as what people keep in its custom object or company fields',
  rights,
  namesCurrency: true,
  options: z.strictObject({
    object: preset(z.string(), 'Billed line', 'name of the custom object that holds a record for each line'),
    labels: preset(labelsShape, z.parse(labelsShape, {}), 'labels of its fields'),
    companyFields: optional(
      z.record(z.string().check(z.regex(/^cf_/u, 'expected a field, cf_…')), z.string()),
      'instead of an object: fields of the company (cf_…), and the product whose billed units each one holds',
    ),
    currency: optional(currencyCode, 'ISO 4217, such as USD, for records that name none'),
  }),
  async *read({ api, period }, { domain, object, labels, companyFields, currency }) {
    const companies = await companiesOf(api);
    for (const { id, name } of companies) yield customer(id, name);

    if (companyFields !== undefined) {
      expectFields(companies, Object.keys(companyFields));
      for (const company of companies) {
        for (const [field, product] of Object.entries(companyFields)) {
          yield line(lineInField(company, field, product, period));
        }
      }
      yield note(
        'fields of companies keep no history: the units are those of today, and a month that is over is not compared',
      );
      return;
    }
    const schema = await objectOf(api, object);
    const fields = fieldsOf(schema, labels);
    const companyOf = companyFinder(companies, isLookup(schema, fields));
    for await (const record of recordsOf(api, domain, schema.id)) {
      yield line(lineOf(record, fields, companyOf, currency));
    }
  },
});
