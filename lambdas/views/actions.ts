import type { ReportHead } from '../report/report.ts';
import type { Action } from './action.ts';
import { collectionActions } from './collection-actions.ts';
import { columnActions, comparisonActions } from './comparison-actions.ts';
import { compareMagnitude } from './decimal.ts';
import { mappingActions } from './mapping-actions.ts';
import type { ReportData } from './report-data.ts';
import { termActions } from './term-actions.ts';

/** What to do after a run, by kind. What has a price is sorted by amount within its currency, the largest first. */
export type ActionGroups = {
  money: Action[];
  reading: Action[];
  unpriced: Action[];
  terms: Action[];
  mapping: Action[];
};

export function actionGroups({ report, reconciliation, terms }: ReportData<ReportHead>): ActionGroups {
  const compared = comparisonActions(reconciliation?.rows ?? []);
  return {
    money: byMoney(compared.flatMap((action) => (action.money === undefined ? [] : [{ action, money: action.money }]))),
    reading: collectionActions(report),
    unpriced: compared.filter(({ money }) => money === undefined),
    terms: termActions(terms ?? []),
    mapping: [...columnActions(reconciliation ?? {}), ...mappingActions(report)],
  };
}

/**
 * All actions: first those with a price, then what keeps numbers from being read, what has a last day, and what has to
 * be mapped.
 */
export function actionsOf(data: ReportData<ReportHead>): Action[] {
  const { money, reading, unpriced, terms, mapping } = actionGroups(data);
  return [...money, ...reading, ...unpriced, ...terms, ...mapping];
}

type Priced = { action: Action; money: { amount: string; currency: string } };

/** Currencies are never compared: they come one after the other, the one with the most actions first. */
function byMoney(priced: readonly Priced[]): Action[] {
  const groups = Map.groupBy(priced, ({ money }) => money.currency);
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .flatMap((group) => group.sort((a, b) => compareMagnitude(b.money.amount, a.money.amount)))
    .map(({ action }) => action);
}
