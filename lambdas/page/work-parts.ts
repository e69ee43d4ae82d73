import { monthInWords } from '../report/day.ts';
import type { Action } from '../views/action.ts';
import type { Reconciliation } from '../views/report-data.ts';
import type { ChangeRow, ReconciliationRow, TermRow } from '../views/rows.ts';
import { COMPARISON_STATES, WHO } from '../views/states.ts';
import { comparisonTotals } from '../views/totals.ts';
import type { CompanyLink } from './company-anchor.ts';
import { type Content, html } from './markup.ts';
import type { Part } from './parts.ts';
import { chip, tableOf } from './table.ts';

export const toDoPart = (actions: readonly Action[], linkOf: CompanyLink): Part => ({
  id: 'to-do',
  title: 'To do',
  body: tableOf<Action>({
    labelledBy: 'to-do-title',
    rows: actions,
    stateOf: ({ who }) => WHO[who],
    columns: [
      {
        title: 'What',
        kind: 'long',
        cell: ({ what, company, companyId, where }) => [
          company === undefined ? undefined : html`<strong>${linkOf(company, companyId)}</strong>: `,
          what,
          whereOf([where]),
        ],
      },
      {
        title: 'Money per month',
        kind: 'number',
        optional: true,
        cell: ({ money }) => amountOf(money?.amount, money?.currency),
      },
      { title: 'Until', kind: 'day', optional: true, cell: ({ until }) => until },
      { title: 'Who', cell: ({ who }) => WHO[who] },
    ],
  }),
});

export const comparePart = ({ period, rows }: Reconciliation, linkOf: CompanyLink): Part => ({
  id: 'compare',
  title: 'Compare',
  body: [
    html`<p>What is counted, next to what is billed for ${monthInWords(period)}. A difference is positive where more is delivered than billed.</p>
<ul class="legend">${comparisonTotals(rows).map(([state, count]) => {
      const { tone, mark, meaning } = COMPARISON_STATES[state];
      return html`<li>${chip(tone, mark, state)} ${count}, ${meaning}</li>`;
    })}</ul>
`,
    tableOf<ReconciliationRow>({
      labelledBy: 'compare-title',
      rows,
      stateOf: ({ state }) => state,
      columns: [
        { title: 'Company', kind: 'head', cell: ({ company, companyId }) => linkOf(company, companyId) },
        {
          title: 'Service',
          kind: 'long',
          cell: ({ service, billedFrom, agreements }) => [service, whereOf([billedFrom, agreements])],
        },
        {
          title: 'State',
          cell: ({ state }) => chip(COMPARISON_STATES[state].tone, COMPARISON_STATES[state].mark, state),
        },
        { title: 'Counted', kind: 'number', cell: ({ counted }) => counted },
        { title: 'Billable', kind: 'number', cell: ({ billable }) => billable },
        { title: 'Billed', kind: 'number', cell: ({ billed }) => billed },
        { title: 'Difference', kind: 'number', cell: ({ difference }) => difference },
        {
          title: 'Money',
          kind: 'number',
          cell: ({ moneyDifference, currency }) => amountOf(moneyDifference, currency),
        },
        {
          title: 'Reason and note',
          kind: 'long',
          optional: true,
          cell: ({ reason, note }) => {
            const words = [reason, note].filter((part) => part !== undefined);
            return words.length === 0 ? undefined : words.join('; ');
          },
        },
      ],
    }),
  ],
});

export const changesPart = (changes: readonly ChangeRow[], linkOf: CompanyLink): Part => ({
  id: 'changes',
  title: 'Changes',
  body: tableOf<ChangeRow>({
    labelledBy: 'changes-title',
    rows: changes,
    columns: [
      { title: 'Company', kind: 'head', cell: ({ company, companyId }) => linkOf(company, companyId) },
      { title: 'Column', cell: ({ column, integration }) => column ?? integration },
      { title: 'Before', kind: 'number', cell: ({ before, stateBefore }) => before ?? stateBefore },
      { title: 'Now', kind: 'number', cell: ({ now, stateNow }) => now ?? stateNow },
      { title: 'Difference', kind: 'number', cell: ({ difference }) => difference },
      { title: 'Added', kind: 'long', optional: true, cell: ({ added }) => added },
      { title: 'Removed', kind: 'long', optional: true, cell: ({ removed }) => removed },
      { title: 'Since', kind: 'day', cell: ({ since }) => since },
    ],
  }),
});

export const termsPart = (terms: readonly TermRow[], linkOf: CompanyLink): Part => ({
  id: 'terms',
  title: 'Terms',
  body: tableOf<TermRow>({
    labelledBy: 'terms-title',
    rows: terms,
    columns: [
      { title: 'Company', kind: 'head', cell: ({ company, companyId }) => linkOf(company, companyId) },
      {
        title: 'Product',
        kind: 'long',
        cell: ({ product, integration, subscriptionId }) => [product, whereOf([integration, subscriptionId])],
      },
      { title: 'Quantity', kind: 'number', cell: ({ quantity }) => quantity },
      { title: 'Assigned', kind: 'number', cell: ({ assigned }) => assigned },
      { title: 'Unit cost', kind: 'number', cell: ({ unitCost, currency }) => amountOf(unitCost, currency) },
      { title: 'Commitment', cell: ({ commitment, billingTerm }) => commitment ?? billingTerm },
      { title: 'Term end', kind: 'day', cell: ({ termEnd }) => termEnd },
      {
        title: 'Auto-renew',
        cell: ({ autoRenew }) => (autoRenew === undefined ? undefined : autoRenew ? 'yes' : 'no'),
      },
      { title: 'Reducible now', kind: 'number', cell: ({ reducibleNow }) => reducibleNow },
      { title: 'Earliest reduction', kind: 'day', cell: ({ earliestReduction }) => earliestReduction },
      { title: 'Last day to act', kind: 'day', cell: ({ lastDayToAct }) => lastDayToAct },
      { title: 'Basis', cell: ({ basis }) => basis },
    ],
  }),
});

const amountOf = (amount: string | undefined, currency: string | undefined): Content =>
  amount === undefined
    ? undefined
    : html`<data value="${amount}">${amount}${currency === undefined ? '' : ` ${currency}`}</data>`;

/** Where to find it, as a second line. */
function whereOf(places: readonly (string | undefined)[]): Content {
  const written = places.filter((place) => place !== undefined);
  return written.length === 0 ? undefined : html` <span class="where">${written.join(', ')}</span>`;
}
