import * as z from 'zod/mini';
import { currencyCode } from '../billing/billed-csv/settings.ts';
import { ninjaoneAuth } from '../ninjaone.ts';
import { ninjaone } from '../psa/ninjaone/access.ts';
import { quantity } from '../report/quantity.ts';
import { optional } from '../wire/options.ts';
import { type Agreement, agreementOf, isActive, listedAgreement } from './ninjaone/agreement.ts';
import { linesOf } from './ninjaone/line.ts';
import { agreementIn, agreementsIn, organizationsOf } from './ninjaone/lists.ts';
import { rights } from './ninjaone/rights.ts';
import { customer, line, note, unread } from './reading/fact.ts';
import { apart } from './reading/odd-row.ts';
import { source } from './reading/source.ts';

/**
 * Products of agreements in NinjaOne Billing. No answer with content has been published, so fields are searched under
 * several possible names; if none is found, or two disagree, nothing is read.
 */
export default source({
  // Reading needs fewer rights than making tickets.
  psa: { ...ninjaone, api: (settings) => ({ ...ninjaone.api(settings), auth: ninjaoneAuth(settings, 'monitoring') }) },
  experimental:
    'the endpoints have existed since 2026 and their answers are not documented; it is safer to export invoices as CSV and read them as billed.csv',
  rights,
  namesCurrency: false,
  options: z.strictObject({
    currency: optional(
      currencyCode,
      'ISO 4217, such as USD; NinjaOne names none, and without it no difference is shown in money',
    ),
  }),
  async *read({ api, period, each }, { currency }) {
    const names = new Map<string, string>();
    for await (const { id, name } of organizationsOf(api)) {
      if (name) names.set(String(id), name);
      yield customer(id, name);
    }

    const { sound: listed, odd } = apart((await agreementsIn(api)).map(listedAgreement));
    for (const { organization, odd: error } of odd) yield unread(organization, error);
    const active = listed.filter((agreement) => isActive(agreement) !== false);
    const off = listed.length - active.length;
    if (off > 0) yield note(`${quantity(off, 'agreement')} not active: they bill nothing`);
    const invoiced = active.filter(({ nextBill }) => (nextBill ?? '') > period.first).length;
    if (invoiced > 0) yield note(`${quantity(invoiced, 'agreement')} already invoiced for ${period.month}`);

    const alone = {
      key: ({ id }: Agreement) => `agreement ${id}`,
      customers: ({ organization }: Agreement) => [organization],
    };
    yield* each(active, alone, async function* ({ id }) {
      const row = await agreementIn(api, id);
      for (const read of linesOf(row, agreementOf(row), names, currency)) yield line(read);
    });
  },
});
