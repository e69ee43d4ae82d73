import { cellOf, type Report, type ReportIntegration, type ReportRow } from '../report/report.ts';
import { integrationNames } from '../views/names.ts';
import { BLANK_STATES, type Tone } from '../views/states.ts';
import { cellTotals } from '../views/totals.ts';
import type { UnmappedLine } from '../views/unmapped-lines.ts';
import type { CompanyLink } from './company-anchor.ts';
import { type Content, html } from './markup.ts';
import type { Part } from './parts.ts';
import { chip, type PageColumn, tableOf } from './table.ts';

/** A larger table is slow in a browser, and nobody finds anything in it. */
const MOST_CELLS = 20_000;

/** The companies by name, with their data quality; and all counts as one table if it is small enough. */
export function countsPart(report: Report, linkOf: CompanyLink): Part {
  const cells = report.rows.length * report.columns.length;
  return {
    id: 'counts',
    title: 'Counts',
    body: [
      html`<ul class="legend">${cellTotals(report).blank.map(([state, count]) => {
        const { tone, mark, meaning } = BLANK_STATES[state];
        return html`<li>${chip(tone, mark, state)} ${count} ${count === 1 ? 'cell' : 'cells'}: ${meaning}</li>`;
      })}</ul>
`,
      cells > MOST_CELLS
        ? html`<p>${report.rows.length} companies with ${report.columns.length} columns are too many for a table here: report.xlsx and report.csv have it. Each company's own counts are under Companies.</p>
`
        : html`<div class="screen">${wideTable(report, linkOf)}</div>`,
      qualityTable(report, linkOf),
    ],
  };
}

const wideTable = (report: Report, linkOf: CompanyLink): Content =>
  tableOf<ReportRow>({
    labelledBy: 'counts-title',
    wide: true,
    rows: report.rows,
    columns: [
      { title: 'Company', kind: 'head', cell: ({ organization: { id, name } }) => linkOf(name, id) },
      ...report.columns.map(
        (column): PageColumn<ReportRow> => ({
          title: column.title,
          kind: column.type === 'number' ? 'number' : 'long',
          cell: (row) => {
            const cell = cellOf(report, row, column);
            if (cell === undefined) return undefined;
            if (cell.state === 'counted') return cell.value;
            const { tone, mark } = BLANK_STATES[cell.state];
            return chip(tone, mark, cell.state);
          },
        }),
      ),
    ],
  });

const qualityTable = (report: Report, linkOf: CompanyLink): Content => [
  html`<h3 id="quality-title">Data quality</h3>
<p>What is blank in each company's row and why, with remarks on its numbers.</p>
`,
  tableOf<ReportRow>({
    labelledBy: 'quality-title',
    rows: report.rows,
    columns: [
      { title: 'Company', kind: 'head', cell: ({ organization: { id, name } }) => linkOf(name, id) },
      { title: 'Data quality', kind: 'long', cell: ({ dataQuality }) => dataQuality },
    ],
  }),
];

export const unmappedPart = (lines: readonly UnmappedLine[]): Part => ({
  id: 'unmapped',
  title: 'Unmapped',
  body: [
    html`<p>Vendor customers without a company, or of a company that is not enabled. To invoice one, add its id to its company in
      organizations.json, or enable the company.</p>
`,
    tableOf<UnmappedLine>({
      labelledBy: 'unmapped-title',
      rows: lines,
      stateOf: ({ integration }) => integration,
      columns: [
        { title: 'Customer', kind: 'head', cell: ({ customerName }) => customerName },
        { title: 'Integration', cell: ({ integration }) => integration },
        { title: 'Customer id', cell: ({ customerId }) => customerId },
        { title: 'Column', kind: 'long', cell: ({ column }) => column },
        { title: 'Count', kind: 'number', cell: ({ count, text }) => count ?? text },
        { title: 'Not counted because', kind: 'long', optional: true, cell: ({ reason }) => reason },
        { title: 'Suggested company', kind: 'long', optional: true, cell: ({ suggestedCompany }) => suggestedCompany },
        { title: 'Suggestion', optional: true, cell: ({ suggestion }) => suggestion },
        { title: 'Evidence', kind: 'long', optional: true, cell: ({ evidence }) => evidence },
      ],
    }),
  ],
});

const STATUSES: Record<ReportIntegration['status'], [tone: Tone, mark: string]> = {
  collected: ['good', '✓'],
  partial: ['over', '!'],
  failed: ['lost', '✕'],
  'not-installed': ['calm', '·'],
};

export const vendorsPart = (report: Report): Part => ({
  id: 'vendors',
  title: 'Vendors',
  body: tableOf<ReportIntegration>({
    labelledBy: 'vendors-title',
    rows: report.integrations,
    stateOf: ({ status }) => status,
    columns: [
      { title: 'Vendor', kind: 'head', cell: ({ name }) => name },
      { title: 'State', cell: ({ status }) => chip(...STATUSES[status], status) },
      {
        title: 'Customers',
        kind: 'number',
        cell: (integration) => ('customers' in integration ? integration.customers : undefined),
      },
      {
        title: 'Message',
        kind: 'long',
        optional: true,
        cell: (integration) => ('message' in integration ? integration.message : undefined),
      },
    ],
  }),
});

export function columnsPart(report: Report): Part {
  const nameOf = integrationNames(report);
  return {
    id: 'columns',
    title: 'Columns',
    body: tableOf<Report['columns'][number]>({
      labelledBy: 'columns-title',
      rows: report.columns,
      columns: [
        { title: 'Column', kind: 'head', cell: ({ title }) => title },
        { title: 'Integration', cell: ({ integration }) => nameOf(integration) },
        { title: 'What is counted', kind: 'long', cell: ({ definition }) => definition },
      ],
    }),
  };
}
