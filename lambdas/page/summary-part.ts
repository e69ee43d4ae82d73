import { periodInWords } from '../report/heading.ts';
import type { Report } from '../report/report.ts';
import type { CurrencyTotal, ReportData } from '../views/report-data.ts';
import { isIncomplete } from '../views/totals.ts';
import { type Content, html } from './markup.ts';
import type { Part } from './parts.ts';
import { tableOf } from './table.ts';

/** The few figures that show how the run went. */
export const summaryPart = ({ report, reconciliation }: ReportData, actions: number): Part => ({
  id: 'summary',
  title: 'Summary',
  body: [
    html`<dl class="facts">${facts(report, actions).map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
`,
    reconciliation === undefined || reconciliation.totals.length === 0
      ? undefined
      : [
          html`<h3 id="money-title">Money per month, ${periodInWords(reconciliation.period, report)}</h3>
`,
          moneyTable(reconciliation.totals),
        ],
  ],
});

function facts({ rows, integrations }: Report, actions: number): [label: string, value: string | number][] {
  const installed = integrations.filter(({ status }) => status !== 'not-installed');
  const collected = installed.filter(({ status }) => status === 'collected');
  return [
    ['Things to do', actions],
    ['Companies', rows.length],
    ['Companies with a count missing', rows.filter(isIncomplete).length],
    ['Vendors read completely', `${collected.length} of ${installed.length}`],
  ];
}

const moneyTable = (totals: readonly CurrencyTotal[]): Content =>
  tableOf<CurrencyTotal>({
    labelledBy: 'money-title',
    rows: totals,
    columns: [
      { title: 'Currency', kind: 'head', cell: ({ currency }) => currency },
      { title: 'Billed too little', kind: 'number', cell: ({ underBilled }) => underBilled },
      { title: 'Not billed', kind: 'number', cell: ({ countedNotBilled }) => countedNotBilled },
      { title: 'Billed too much', kind: 'number', cell: ({ overBilled }) => overBilled },
      { title: 'Billed, none counted', kind: 'number', cell: ({ billedNotCounted }) => billedNotCounted },
    ],
  });
