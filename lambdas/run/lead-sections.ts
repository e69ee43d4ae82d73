import {
  type ReconciliationSummary,
  rowInWords,
  summarizeReconciliation,
  totalInWords,
} from '../billing/reconciliation-summary.ts';
import type { ChangeLine } from '../history/changes-csv.ts';
import type { Objects } from '../platform/platform.ts';
import { dayIn } from '../report/day.ts';
import { quantity } from '../report/quantity.ts';
import type { ReportHead } from '../report/report.ts';
import type { Section } from '../report/summary-text.ts';
import type { TermRow } from '../terms/terms.ts';
import { actionInWords, toActOn } from '../terms/to-act-on.ts';
import { runKeys } from './keys.ts';
import { readReconciliation } from './reconciliation-file.ts';
import { rowsAt } from './report-data.ts';

/** What ticket, mail and terminal begin with: the money, then what a whole vendor lost, then terms that can be acted on now. */
export async function leadSections(objects: Objects, report: ReportHead): Promise<Section[]> {
  const keys = runKeys(report.runId);
  const compared = await readReconciliation(objects, report.runId);
  const changes = (await rowsAt<ChangeLine>(objects, keys.changes)) ?? [];
  const terms = (await rowsAt<TermRow>(objects, keys.terms)) ?? [];
  const today = dayIn(report.asOf, report.timeZone ?? 'UTC');
  return [
    ...(compared === undefined ? [] : moneySections(summarizeReconciliation(compared))),
    ...changeSections(changes),
    ...termSections(toActOn(terms, today).map(actionInWords)),
  ];
}

function moneySections({ period, totals, largest, compared, notCompared, advice }: ReconciliationSummary): Section[] {
  const open = notCompared.reduce((sum, { rows }) => sum + rows, 0);
  return [
    {
      sentence: `Compared with the agreements of ${period}. ${advice}`,
      entries: totals.map((total) => `${totalInWords(total)}, a month`),
    },
    { sentence: 'The largest differences:', entries: largest.map(rowInWords) },
    {
      sentence: `${quantity(open, 'row')} of ${open + compared} not compared:`,
      entries: open === 0 ? [] : [notCompared.map(({ reason, rows }) => `${reason} ${rows}`).join(', ')],
    },
  ].filter(({ entries }, index) => index === 0 || entries.length > 0);
}

/** A change of a whole vendor is news by itself; those of companies are in changes.csv. */
function changeSections(lines: readonly ChangeLine[]): Section[] {
  const ofVendors = lines.filter(({ companyId }) => companyId === undefined);
  if (lines.length === 0) return [];
  const [{ since = '' } = {}] = lines;
  return [
    {
      sentence: `${quantity(lines.length, 'change')} since ${since}; changes.csv names them.`,
      entries: ofVendors.map(vendorChangeInWords),
    },
  ];
}

const vendorChangeInWords = ({ integration, company, column, before, now, removed, stateNow }: ChangeLine): string => {
  const what = column === undefined ? removed.join('; ') : `${column} from ${before} to ${now ?? 'not read'}`;
  return `${integration} ${company}: ${what === '' ? stateNow : what}. Check the vendor before you believe it.`;
};

const termSections = (actions: readonly string[]): Section[] =>
  actions.length === 0 ? [] : [{ sentence: 'Terms to act on within 45 days:', entries: [...actions], most: 5 }];
