import type { Action } from './action.ts';
import { signOf } from './decimal.ts';
import type { Reconciliation } from './report-data.ts';
import type { ReconciliationRow } from './rows.ts';

/** What to correct in billing.json: a column that no company has may be that of a product with a new name. */
export const columnActions = ({ columnsOfNobody = [] }: Pick<Reconciliation, 'columnsOfNobody'>): Action[] =>
  columnsOfNobody.map(({ service, column }) => ({
    who: 'mapping',
    what: `No company has any "${column}", by which ${service} is counted: if the product has a new name, name its column.`,
    where: 'billing.json, services',
  }));

/** What the clerk changes in the PSA, one action per row that differs, in the order of the rows. */
export const comparisonActions = (rows: readonly ReconciliationRow[]): Action[] =>
  rows.flatMap((row) => {
    const what = changeOf(row);
    if (what === undefined) return [];
    return [
      {
        who: 'clerk',
        what,
        company: row.company,
        ...(row.companyId === undefined ? {} : { companyId: row.companyId }),
        where: [row.billedFrom ?? 'the PSA', row.agreements, why(row)].filter((part) => part !== undefined).join(', '),
        ...moneyOf(row),
      },
    ];
  });

function changeOf({ state, service, counted, billable, billed }: ReconciliationRow): string | undefined {
  switch (state) {
    case 'under-billed':
      return `Raise ${service} from ${billed} to ${billable}.`;
    case 'counted-not-billed':
      return `Bill ${billable} of ${service}; none is billed.`;
    case 'over-billed':
      return `Lower ${service} from ${billed} to ${billable}, or record an agreed minimum in billing.json.`;
    case 'billed-not-counted':
      if (counted === '0') return `Check ${service}: ${billed} billed, but the vendor counts none.`;
      return `Lower ${service} from ${billed} to 0: ${counted === undefined ? '' : `of ${counted} counted, `}none is to be billed.`;
    default:
      return undefined;
  }
}

/** Lines that exist and add nothing: one that begins tomorrow does not need a second line. */
const why = ({ state, lines, note }: ReconciliationRow): string | undefined =>
  state === 'counted-not-billed' && lines !== undefined ? note : undefined;

/** A difference of zero ("0.00", for a free line) is not money. */
const moneyOf = ({ moneyDifference, currency }: ReconciliationRow): Pick<Action, 'money'> =>
  moneyDifference === undefined || currency === undefined || signOf(moneyDifference) === 0
    ? {}
    : { money: { amount: moneyDifference, currency } };
