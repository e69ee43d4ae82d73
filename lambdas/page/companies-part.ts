import type { Report } from '../report/report.ts';
import type { ChangeRow } from '../views/rows.ts';
import { type CompanyLink, companyLinks } from './company-anchor.ts';
import { companySections } from './company-section.ts';
import { html, type Markup } from './markup.ts';
import type { Part } from './parts.ts';

/** The most characters for all sections: a larger page is too large for mail and slow on a phone. */
const ROOM = 16 * 1024 * 1024;

/** One section per company, in the order of the rows, and the links to them. */
export function companiesPart(
  report: Report,
  changes: readonly ChangeRow[],
  room = ROOM,
): { part: Part; linkOf: CompanyLink } {
  const sectionOf = companySections(report, changes);
  const sections: Markup[] = [];
  const ids = new Set<string>();
  let used = 0;
  for (const row of report.rows) {
    const section = sectionOf(row);
    used += section.text.length;
    if (used > room) break;
    sections.push(section);
    ids.add(row.organization.id);
  }
  const left = report.rows.length - ids.size;
  return {
    linkOf: companyLinks(ids),
    part: {
      id: 'companies',
      title: 'Companies',
      body: [
        html`<p class="screen">To print one company alone, follow the link on its name anywhere above, then print: no other company appears on the paper.</p>
`,
        left === 0
          ? undefined
          : html`<p>The page is full: report.xlsx and report.csv have the remaining ${left} of ${report.rows.length} companies, from ${report.rows[ids.size]?.organization.name ?? ''} on.</p>
`,
        sections,
      ],
    },
  };
}
