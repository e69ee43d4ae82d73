import type { Period } from '../../billing/period.ts';
import { quantity } from '../../report/quantity.ts';
import { type BilledFact, note } from '../reading/fact.ts';
import type { Agreement } from './shapes.ts';

/** Remarks on the agreements as a whole. `listed`: the companies that were not deleted. */
export function* remarksOn(
  agreements: readonly Agreement[],
  listed: ReadonlySet<number>,
  period: Period,
): Generator<BilledFact> {
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
}
