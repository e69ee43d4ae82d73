import type { Day } from '../report/day.ts';
import type { Action } from './actions.ts';
import { minus, signOf } from './decimal.ts';
import type { TermRow } from './rows.ts';

/** Days ahead in which a term is worth a line: earlier, what is bought may still change. */
const HORIZON = 45;

const DAY = 86_400_000;

/** What the clerk decides before a term goes on: one action a subscription whose last day to act is near. */
export const termActions = (terms: readonly TermRow[], today: Day): Action[] =>
  terms.flatMap((term) => {
    const { lastDayToAct } = term;
    if (lastDayToAct === undefined || !isNear(lastDayToAct, today)) return [];
    const what = decisionOf(term);
    if (what === undefined) return [];
    return [
      {
        who: 'clerk',
        what,
        company: term.company,
        ...(term.companyId === undefined ? {} : { companyId: term.companyId }),
        where: `${term.integration}, subscription ${term.subscriptionId}`,
        until: lastDayToAct,
      },
    ];
  });

function isNear(day: Day, today: Day): boolean {
  const ahead = (Date.parse(day) - Date.parse(today)) / DAY;
  return ahead >= 0 && ahead <= HORIZON;
}

/** Undefined where all is in use or the reduction is booked. What is assigned is often not read; then only a person knows. */
function decisionOf({ product, quantity, assigned, scheduledQuantity }: TermRow): string | undefined {
  if (quantity === undefined) return undefined;
  const next = scheduledQuantity ?? quantity;
  if (assigned === undefined) {
    return next === quantity ? `Decide whether all ${quantity} of ${product} are still needed.` : undefined;
  }
  const spare = minus(next, assigned);
  if (signOf(spare) <= 0) return undefined;
  return `Reduce ${product} by ${spare} to ${assigned}: they are assigned to nobody.`;
}
