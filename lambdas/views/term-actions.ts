import { byText } from '../report/order.ts';
import { quantity } from '../report/quantity.ts';
import type { Action } from './action.ts';
import type { TermDecision, TermRow } from './rows.ts';

/**
 * What the clerk orders before a term renews: one action per subscription whose seats can go soon, the most urgent
 * first.
 */
export const termActions = (terms: readonly TermRow[]): Action[] =>
  terms
    .flatMap((term) => (term.act === undefined ? [] : [{ term, act: term.act }]))
    .sort((a, b) => byText(dueOf(a.act), dueOf(b.act)))
    .map(({ term, act }) => ({
      who: 'clerk',
      what: reductionInWords(term, act),
      company: term.company,
      ...(term.companyId === undefined ? {} : { companyId: term.companyId }),
      where: `${term.integration}, subscription ${term.subscriptionId}`,
      until: dueOf(act),
    }));

const dueOf = ({ from, lastDay }: TermDecision): string => lastDay ?? from;

/** "Reduce Office: 7 of 27 seats are unused; order by 2026-12-19, effective 2026-12-21 (commitment end)." */
function reductionInWords({ product, quantity: bought, basis }: TermRow, act: TermDecision): string {
  const { units, why, from, lastDay, waiting } = act;
  const seats = bought === undefined ? quantityOf(units, 'seat') : `${units} of ${quantityOf(bought, 'seat')}`;
  const what = why === 'unused' ? `Reduce ${product}` : `Bill or reduce ${product}`;
  const reason = `${units === '1' ? 'is' : 'are'} ${why === 'unused' ? 'unused' : 'billed to no customer'}`;
  const when = lastDay === undefined ? `possible from ${from}` : `order by ${lastDay}, effective ${from}`;
  const rule = basis === undefined ? '' : ` (${basis})`;
  return `${what}: ${seats} ${reason}; ${when}${rule}.${waiting === undefined ? '' : costInWords(waiting)}`;
}

const costInWords = ({ amount, currency, months }: NonNullable<TermDecision['waiting']>): string =>
  ` Until then that costs ${amount} ${currency} (${quantity(months, 'month')}).`;

const quantityOf = (count: string, noun: string): string => quantity(Number(count), noun);
