import { createHash } from 'node:crypto';
import { headingOf } from '../report/heading.ts';
import { actionsOf } from '../views/actions.ts';
import type { ReportData } from '../views/report-data.ts';
import { unmappedLines } from '../views/unmapped-lines.ts';
import { companiesPart } from './companies-part.ts';
import { columnsPart, countsPart, unmappedPart, vendorsPart } from './count-parts.ts';
import { html, Markup } from './markup.ts';
import { type Part, partOf } from './parts.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { summaryPart } from './summary-part.ts';
import { changesPart, comparePart, termsPart, toDoPart } from './work-parts.ts';

/** report.html: one file that loads nothing, complete without its script. */
export function reportPage(data: ReportData): string {
  const { report } = data;
  const { month, asOf, managingOrganization } = headingOf(report);
  const parts = partsOf(data);
  const title = `Billing counts, ${month}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the report</a>
<header>
<h1>${title}</h1>
<p class="quiet">${managingOrganization}, counted at ${asOf}, run ${report.runId}</p>
</header>
<nav aria-label="Parts of the report"><div class="bar"><ul>${parts.map(entryOf)}</ul></div></nav>
<main>
${parts.map(partOf)}</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`.text;
}

function partsOf(data: ReportData): Part[] {
  const { report, reconciliation, changes = [], terms = [] } = data;
  const actions = actionsOf(data);
  const unmapped = unmappedLines(data);
  const companies = companiesPart(report, changes);
  const { linkOf } = companies;
  return [
    summaryPart(data, actions.length),
    ...(actions.length === 0 ? [] : [toDoPart(actions, linkOf)]),
    ...(reconciliation === undefined || reconciliation.rows.length === 0 ? [] : [comparePart(reconciliation, linkOf)]),
    countsPart(report, linkOf),
    ...(changes.length === 0 ? [] : [changesPart(changes, linkOf)]),
    ...(terms.length === 0 ? [] : [termsPart(terms, linkOf)]),
    ...(unmapped.length === 0 ? [] : [unmappedPart(unmapped)]),
    vendorsPart(report),
    columnsPart(report),
    companies.part,
  ];
}

const entryOf = ({ id, title }: Part): Markup => html`<li><a href="#${id}">${title}</a></li>`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Only this style and this script; the page loads nothing. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
