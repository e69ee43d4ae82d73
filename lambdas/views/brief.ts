import { type Brief, briefly, type Draft } from '../report/brief.ts';
import { isOfDisabled } from '../report/company-suggestion.ts';
import { customerFailures, vendorFailure } from '../report/failure-in-words.ts';
import { dayOfCounts, type Heading, headingOf, periodInWords } from '../report/heading.ts';
import { quantity } from '../report/quantity.ts';
import { namesNotAsked, type ReportHead, type ReportIntegration } from '../report/report.ts';
import { listed } from '../report/text.ts';
import type { Action } from './action.ts';
import { type ActionGroups, actionGroups } from './actions.ts';
import { signOf, withoutSign } from './decimal.ts';
import type { CurrencyTotal, Reconciliation, ReportData } from './report-data.ts';
import type { ChangeRow, ReconciliationRow } from './rows.ts';
import { DIFFERENT } from './states.ts';
import { isIncomplete } from './totals.ts';

/**
 * The run in a screenful, for mail, ticket and terminal: money first, the top five to do, the vendors that failed, the
 * rest as counts.
 */
export function briefOf(data: ReportData<ReportHead>, details?: string): Brief {
  const groups = actionGroups(data);
  return briefly(titleOf(headingOf(data.report)), [
    moneyPart(data),
    ...toDoPart(groups),
    ...termsPart(groups.terms),
    ...vendorsPart(data),
    ...notAskedPart(data),
    ...restPart(data, details),
  ]);
}

const titleOf = ({ month }: Heading): string => `Billing Reconciliation, ${month}`;

/** What happened in one sentence, and the money of each currency. */
function moneyPart({ report, reconciliation }: ReportData<ReportHead>): Draft {
  const { managingOrganization } = headingOf(report);
  const whole = `${managingOrganization}, ${quantity(report.rows.length, 'company')}: ${readInWords(report)}.`;
  if (reconciliation === undefined) return { sentence: whole, entries: [] };
  const { unread = [], period } = reconciliation;
  const entries = [
    ...unread.map(({ name, ...failure }) => `not compared: ${vendorFailure(name, failure)}`),
    ...pricedInWords(reconciliation),
  ];
  const month = periodInWords(period, report);
  const about = dayOfCounts(period, report) === '' ? '' : ` This is about ${month}.`;
  const verdict =
    entries.length > 0 ? `Compared with what is billed for ${month}:` : `${outcomeOf(reconciliation)}${about}`;
  return { sentence: `${whole} ${verdict}`, entries, least: 3 };
}

function readInWords({ integrations }: ReportHead): string {
  const count = (status: ReportIntegration['status']): number =>
    integrations.filter((integration) => integration.status === status).length;
  const [full, part, failed] = [count('collected'), count('partial'), count('failed')];
  const words = [
    `${full} of ${quantity(full + part + failed, 'vendor')} read in full`,
    ...(part === 0 ? [] : [`${part} in part`]),
    ...(failed === 0 ? [] : [`${failed} not at all`]),
  ];
  return words.join(', ');
}

/** The money of each currency, and how many more rows differ whose money is not known. */
function pricedInWords({ totals, rows }: Reconciliation): string[] {
  const money = totals.map(totalInWords).filter((words) => words !== '');
  const unpriced = rows.filter((row) => differs(row) && row.moneyDifference === undefined).length;
  if (money.length === 0 || unpriced === 0) return money;
  return [...money, `${quantity(unpriced, 'row')} more ${unpriced === 1 ? 'differs' : 'differ'}; no price was read`];
}

/** What an exception tolerates or ignores is no difference to act on. */
const differs = ({ state }: ReconciliationRow): boolean => DIFFERENT.includes(state);

/** The comparison of which no money is lost or won, or is known to be. */
function outcomeOf({ rows }: Reconciliation): string {
  if (rows.every(({ state }) => state === 'not-compared')) return 'Nothing could be compared with what is billed.';
  const differing = rows.filter(differs);
  if (differing.length === 0) return 'Everything that could be compared is billed as counted.';
  const unpriced = differing.filter(({ moneyDifference }) => moneyDifference === undefined).length;
  const which = `${quantity(differing.length, 'row')} of reconciliation.csv ${differing.length === 1 ? 'differs' : 'differ'}`;
  if (unpriced === 0) return `${which}, but not in money.`;
  return `${which}; no price was read${unpriced === differing.length ? '' : ` for ${unpriced}`}.`;
}

/** "USD a month: 10191.55 not billed at all, 1130.55 billed too little, 561.70 billed too much" */
function totalInWords({
  currency,
  countedNotBilled,
  underBilled,
  overBilled,
  billedNotCounted,
}: CurrencyTotal): string {
  const amounts: [amount: string, what: string][] = [
    [countedNotBilled, 'not billed at all'],
    [underBilled, 'billed too little'],
    [overBilled, 'billed too much'],
    [billedNotCounted, 'billed where nothing is counted'],
  ];
  const parts = amounts.flatMap(([amount, what]) => (signOf(amount) === 0 ? [] : [`${withoutSign(amount)} ${what}`]));
  return parts.length === 0 ? '' : `${currency} a month: ${parts.join(', ')}`;
}

const TOP = 5;

/** The first of what is listed nowhere else; the number is that of all actions, as in workbook and page. */
function toDoPart(groups: ActionGroups): Draft[] {
  const own = [...groups.money, ...groups.unpriced, ...groups.mapping];
  if (own.length === 0) return [];
  const all = Object.values(groups).flat().length;
  const sentence = own.length > TOP ? `To do first, of ${all}:` : 'To do:';
  return [{ sentence, entries: own.slice(0, TOP).map(actionInWords), least: TOP }];
}

const FEW_TERMS = 3;

function termsPart(terms: readonly Action[]): Draft[] {
  if (terms.length === 0) return [];
  const sentence =
    terms.length > FEW_TERMS
      ? `Terms to act on within 45 days, the most urgent of ${terms.length}:`
      : 'Terms to act on within 45 days:';
  return [{ sentence, entries: terms.slice(0, FEW_TERMS).map(actionInWords), least: 2 }];
}

/** "Contoso Ltd: Raise Managed EDR from 10 to 12 (7.00 USD a month)" */
function actionInWords({ company, what, money }: Action): string {
  const sum = money === undefined ? '' : ` (${withoutSign(money.amount)} ${money.currency} a month)`;
  return `${company === undefined ? '' : `${company}: `}${what.replace(/\.$/u, '')}${sum}`;
}

/** Vendors with something missing, or with so much gone at once that it is hard to believe. */
function vendorsPart({ report, changes = [] }: ReportData<ReportHead>): Draft[] {
  const unread = new Set(report.integrations.filter(({ status }) => status === 'failed').map(({ name }) => name));
  // Of a vendor that could not be read at all, every count is gone: there is nothing to add.
  const dropped = changes.filter(({ companyId, integration = '' }) => companyId === '' && !unread.has(integration));
  const entries = [...report.integrations.flatMap(troubleWith), ...dropped.map(dropInWords)];
  if (entries.length === 0) return [];
  return [{ sentence: 'Vendors to look into; what could not be read is blank, never 0:', entries, least: 3 }];
}

function troubleWith(integration: ReportIntegration): string[] {
  const { name } = integration;
  if (integration.status === 'failed') return [vendorFailure(name, integration)];
  if (integration.status !== 'partial') return [];
  return [
    `${name}: ${customerFailures(integration.failures)
      .map(({ words }) => words)
      .join('; ')}`,
  ];
}

/**
 * "Duo is not installed any more; it was on 2026-10-22", or what it lost: "Duo: less at 9 of 9 companies since
 * 2026-10-22: Duo Users (310 -> 12); check it before you rely on it"
 */
function dropInWords({ integration, company, column, before, now, removed, stateNow, since }: ChangeRow): string {
  if (stateNow === 'not installed') return `${integration} is not installed any more; it was on ${since}`;
  const [first, ...others] = (removed ?? '').split('; ');
  const columns = `${first}${others.length === 0 ? '' : ` and ${quantity(others.length, 'more column')}`}`;
  const what = column === undefined ? columns : `${column} (${before} -> ${now ?? 'not read'})`;
  return `${integration}: less at ${company.replace(/[()]/gu, '')} since ${since}: ${what}; check it before you rely on it`;
}

function notAskedPart({ report }: ReportData<ReportHead>): Draft[] {
  const names = namesNotAsked(report);
  if (names.length === 0) return [];
  return [{ sentence: `Not asked by this run, so their cells are blank: ${listed(names)}.`, entries: [] }];
}

/** Everything else as counts, and where its details are. */
function restPart(
  { report, reconciliation, changes = [] }: ReportData<ReportHead>,
  details: string | undefined,
): Draft[] {
  const compared = reconciliation?.rows ?? [];
  const open = compared.filter(({ state }) => state === 'not-compared');
  const incomplete = report.rows.filter(isIncomplete).length;
  const disabled = report.unmapped.filter(isOfDisabled).length;
  const unmapped = report.unmapped.length - disabled;
  const [first] = changes;
  const counts = [
    ...(open.length === 0
      ? []
      : [`${open.length} of ${quantity(compared.length, 'row')} not compared (${reasonsOf(open)})`]),
    ...(incomplete === 0 ? [] : [`${quantity(incomplete, 'company')} with a count missing`]),
    ...(unmapped === 0 ? [] : [`${quantity(unmapped, 'vendor customer')} without a company`]),
    ...(disabled === 0 ? [] : [`${quantity(disabled, 'vendor customer')} of a company that is not enabled`]),
    ...(report.ambiguous.length === 0 ? [] : [`${report.ambiguous.length} mapped ambiguously`]),
    ...(first === undefined ? [] : [`${quantity(changes.length, 'change')} since ${first.since}`]),
  ];
  const sentences = [
    ...(counts.length === 0 ? [] : [`Also: ${counts.join(', ')}.`]),
    ...(details === undefined ? [] : [details]),
  ];
  return sentences.length === 0 ? [] : [{ sentence: sentences.join(' '), entries: [] }];
}

const REASONS = 3;

/**
 * Why rows are not compared, the most frequent reasons first. Reasons that differ only in vendor or error are one kind.
 */
function reasonsOf(open: readonly ReconciliationRow[]): string {
  const groups = Map.groupBy(open, ({ reason = '' }) => reason.replace(/ \(.*$/su, ''));
  const counts = [...groups].map(([reason, rows]) => ({ reason, rows: rows.length })).sort((a, b) => b.rows - a.rows);
  const others = counts.slice(REASONS).reduce((sum, { rows }) => sum + rows, 0);
  const words = counts.slice(0, REASONS).map(({ reason, rows }) => `${rows} ${reason}`);
  return [...words, ...(others === 0 ? [] : [`${others} for other reasons`])].join(', ');
}
