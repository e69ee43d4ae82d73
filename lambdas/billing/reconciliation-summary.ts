import { byText } from '../report/order.ts';
import { shortened } from '../report/text.ts';
import { decimal } from './decimal.ts';
import type { DecimalText } from './line.ts';
import type { Reconciliation, ReconciliationRow, State, Total } from './reconciliation.ts';

/** The comparison in a few words: what ticket, mail and terminal begin with. */
export type ReconciliationSummary = {
  period: string;
  totals: Total[];
  /** The rows with most money between counted and billed, in either direction, largest first. */
  largest: ReconciliationRow[];
  /** Rows that differ and whose money is not known, because no price was read. */
  differingWithoutMoney: number;
  compared: number;
  /** Why rows are not compared, and how many; the most frequent reason first. */
  notCompared: { reason: string; rows: number }[];
  /** What to do, in one sentence. */
  advice: string;
};

const LARGEST = 5;

/** Characters of the reason why a source was not read; the log has the whole. */
const LONGEST_REASON = 300;

const DIFFERING: readonly State[] = ['under-billed', 'counted-not-billed', 'over-billed', 'billed-not-counted'];

export function summarizeReconciliation(reconciliation: Reconciliation): ReconciliationSummary {
  const { period, totals, rows } = reconciliation;
  const differing = rows.filter(({ state }) => DIFFERING.includes(state));
  const priced = differing.flatMap((row) =>
    row.moneyDifference === null ? [] : [{ row, money: decimal(row.moneyDifference).abs() }],
  );
  const open = rows.filter(({ state }) => state === 'not-compared');
  return {
    period,
    totals,
    largest: priced
      .sort((a, b) => b.money.cmp(a.money))
      .slice(0, LARGEST)
      .map(({ row }) => row),
    differingWithoutMoney: differing.length - priced.length,
    compared: rows.length - open.length,
    notCompared: [...Map.groupBy(open, groupOf)]
      .map(([reason, all]) => ({ reason, rows: all.length }))
      .sort((a, b) => b.rows - a.rows || byText(a.reason, b.reason)),
    advice: adviceOn(reconciliation),
  };
}

/** "Contoso Ltd, Managed EDR: 14 to bill, 12 billed; under-billed by 2, 8.00 USD a month" */
export function rowInWords(row: ReconciliationRow): string {
  const { company, service, billable, billed, state, difference, moneyDifference, currency } = row;
  const money =
    moneyDifference === null || currency === null ? '' : `, ${unsigned(moneyDifference)} ${currency} a month`;
  const by = difference === null ? '' : ` by ${unsigned(difference)}`;
  return `${company}, ${service ?? 'no service'}: ${billable ?? '?'} to bill, ${billed ?? '?'} billed; ${state}${by}${money}`;
}

/** "USD: 8.00 under-billed, 12.00 counted and not billed, 4.00 over-billed, 0.00 billed and not counted" */
export const totalInWords = ({ currency, ...total }: Total): string =>
  `${currency}: ${total.underBilled} under-billed, ${total.countedNotBilled} counted and not billed, ` +
  `${unsigned(total.overBilled)} over-billed, ${unsigned(total.billedNotCounted)} billed and not counted`;

const unsigned = (text: DecimalText): DecimalText => text.replace(/^-/u, '');

/** Why a company is left out differs from vendor to vendor; together they are one kind. */
const groupOf = ({ reason }: ReconciliationRow): string => (reason ?? '').replace(/^excluded \(.*$/su, 'excluded');

function adviceOn({ states, billedFrom }: Reconciliation): string {
  const failed = billedFrom.find(({ status }) => status === 'failed');
  if (failed !== undefined) {
    const why = shortened(failed.message ?? '', LONGEST_REASON);
    return `${failed.label} could not be read (${failed.error}): ${why}. Fix that and run the report again before you invoice.`;
  }
  const open = states['not-compared'];
  const rest =
    open === 0 ? '' : ` Then look at the reasons of ${open === 1 ? 'the row' : `the ${open} rows`} not compared.`;
  if (states['under-billed'] + states['counted-not-billed'] > 0) {
    return `Bill what is missing before you invoice: reconciliation.csv begins with it, most money first.${rest}`;
  }
  if (states['over-billed'] + states['billed-not-counted'] > 0) {
    return `Check what is billed and not counted before you invoice: reconciliation.csv begins with it.${rest}`;
  }
  if (open > 0) {
    return `Nothing differs where both sides were read; check the ${open === 1 ? 'row' : `${open} rows`} not compared.`;
  }
  return 'Nothing is left to do: everything counted is billed as agreed.';
}
