import * as z from 'zod/mini';
import { currencyCode } from '../billing/billed-csv/settings.ts';
import { halo } from '../psa/halopsa/access.ts';
import { quantity } from '../report/quantity.ts';
import { optional } from '../wire/options.ts';
import { currencyOfTemplate } from './halopsa/currency.ts';
import { isComment, lineOf } from './halopsa/line.ts';
import { clientsOf, hasLines, linesOf, templatesOf } from './halopsa/lists.ts';
import { rights } from './halopsa/rights.ts';
import type { Template, WholeTemplate } from './halopsa/shapes.ts';
import { revenueOf } from './halopsa/witness.ts';
import { type BilledFact, customer, line, note, unread } from './reading/fact.ts';
import { apart } from './reading/odd-row.ts';
import { disagreeing, totalsDiffer } from './reading/own-total.ts';
import { source } from './reading/source.ts';

const NOT_CHECKED =
  'lines were not checked against the revenue of a recurring invoice that has none, or has lines that are counted, pending, without an amount, or not charged on every invoice';

/**
 * Lines of recurring invoices, the templates that Halo makes invoices from. The list includes their lines on some
 * instances only; otherwise each template costs a call. Codes and names are on the lines, so items are not read.
 */
export default source({
  psa: halo,
  rights,
  namesCurrency: true,
  options: z.strictObject({
    currency: optional(currencyCode, 'ISO 4217, such as USD, for recurring invoices that name none'),
    totalsDiffer,
  }),
  async *read({ api, period, each }, { currency, totalsDiffer }) {
    for await (const { id, name } of clientsOf(api)) yield customer(id, name);

    const { sound: listed, odd } = apart(await Array.fromAsync(templatesOf(api)));
    for (const row of odd) yield unread(row.client_id, row.odd);
    const templates = listed.filter(({ disabled, voided }) => disabled !== true && voided !== true);
    const off = listed.length - templates.length;
    if (off > 0) yield note(`${quantity(off, 'recurring invoice')} disabled or voided: they bill nothing`);
    const made = templates.filter(({ lastcreated }) => lastcreated?.startsWith(period.month) === true).length;
    if (made > 0) {
      const which = quantity(made, 'recurring invoice');
      yield note(`${which} already invoiced in ${period.month}: what is changed now shows on the next invoice`);
    }

    const currencyOf = currencyOfTemplate(templates, currency);
    const read = function* (template: WholeTemplate): Generator<BilledFact> {
      let inactive = 0;
      for (const sold of template.lines) {
        if (sold.isinactive === true) inactive += 1;
        else if (!isComment(sold)) yield line(lineOf(sold, template, period, currencyOf(template)));
      }
      if (inactive > 0) yield note(`${template.client_name}: ${quantity(inactive, 'inactive line')} left out`);
      const revenue = revenueOf(template, period);
      if (revenue === 'not checked') yield note(NOT_CHECKED);
      else if (revenue !== 'agrees') yield* disagreeing([template.client_id], revenue.disagreement, totalsDiffer);
    };
    if (templates.every(hasLines)) {
      for (const template of templates) yield* read(template);
      return;
    }
    const alone = {
      key: ({ id }: Template) => `recurring invoice ${id}`,
      customers: ({ client_id }: Template) => [client_id],
    };
    yield* each(templates, alone, async function* (template) {
      yield* read(await linesOf(api, template));
    });
  },
});
