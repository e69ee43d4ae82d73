import { claimInWords } from './claim.ts';
import { escaped } from './html.ts';
import { quantity } from './quantity.ts';
import type { ReportSummary } from './summary.ts';
import { capped, listed, onOneLine, shortened } from './text.ts';

/** One section of the summary: a sentence, and the list that belongs to it. */
export type Section = { sentence: string; entries: string[]; most?: number };

/** The summary is read at a glance; report.csv and unmapped.csv have every entry. */
const FEW = 5;

/** What goes with a summary: the places where the files lie, and sections that come first, such as the money. */
export type Around = { files?: readonly string[]; lead?: readonly Section[] };

/** The summary as plain text. */
export function plainSummary(summary: ReportSummary, around: Around = {}): string {
  const sections = sectionsOf(summary, around).map(({ sentence, entries }) =>
    [sentence, ...entries.map((entry) => `- ${entry}`)].join('\n'),
  );
  return `${[titleOf(summary), ...sections].join('\n\n')}\n`;
}

/** The summary as a fragment of HTML, every text escaped. */
export function htmlSummary(summary: ReportSummary, around: Around = {}): string {
  const sections = sectionsOf(summary, around).map(({ sentence, entries }) => {
    const items = entries.map((entry) => `<li>${escaped(entry)}</li>`).join('');
    return `<p>${escaped(sentence)}</p>${items === '' ? '' : `<ul>${items}</ul>`}`;
  });
  return [`<h2>${escaped(titleOf(summary))}</h2>`, ...sections].join('\n');
}

export const titleOf = ({ month }: ReportSummary): string => `Billing Reconciliation, ${month}`;

export function sectionsOf(summary: ReportSummary, { files = [], lead = [] }: Around = {}): Section[] {
  const { integrations, unmapped, ambiguous, incomplete, withoutId } = summary;
  const { collected, partial, failed } = integrations;
  const sections: Section[] = [
    {
      sentence:
        `${summary.managingOrganization}: ${quantity(summary.companies, 'company')}, ` +
        `${collected.length} of ${quantity(collected.length + partial.length + failed.length, 'integration')} ` +
        `collected in full${collected.length === 0 ? '' : ` (${listed(collected)})`}. ` +
        `As of ${summary.asOf}, run ${summary.runId}.`,
      entries: [],
    },
    ...lead,
    {
      sentence:
        `${quantity(failed.length, 'integration')} failed; ${failed.length === 1 ? 'its' : 'their'} cells are blank. ` +
        'Ask whoever manages the keys to fix this, then run the report again under a new run id:',
      entries: failed.map(({ name, reason }) => `${name}: ${reason}`),
    },
    {
      sentence:
        `${quantity(partial.length, 'integration')} partly collected; the cells that could not be read are blank. ` +
        'Ask whoever manages the keys to fix this and run the report again, or count those customers by hand:',
      entries: partial.map(({ name, reason }) => `${name}: ${reason}`),
    },
    {
      most: FEW,
      sentence:
        `${quantity(ambiguous.length, 'vendor customer')} ${isOrAre(ambiguous)} mapped ambiguously and counted for none. ` +
        'Correct the ids in organizations.json:',
      entries: ambiguous.map(
        ({ integration, customer, id, companies }) => `${integration}: ${customer} (${id}), ${claimInWords(companies)}`,
      ),
    },
    {
      most: FEW,
      sentence:
        `${quantity(incomplete.length, 'company')} with incomplete data` +
        `${failed.length === 0 ? '' : ' besides what failed'}. Check their blank cells before you invoice:`,
      entries: incomplete.map(({ company, gaps }) => `${company}: ${gaps}`),
    },
    {
      most: FEW,
      sentence:
        `${quantity(unmapped.length, 'vendor customer')} ${isOrAre(unmapped)} not mapped to a company and ${isOrAre(unmapped)} in unmapped.csv only. ` +
        'To invoice one, add its id to its company in organizations.json:',
      entries: unmapped.map(
        ({ integration, customer, id, counts }) => `${integration}: ${customer} (${id}): ${counts}`,
      ),
    },
    {
      sentence:
        'Companies with no id for a vendor; those cells are blank. If they do not use it, there is nothing to do:',
      entries: withoutId.length === 0 ? [] : [listed(withoutId.map((each) => `${each.integration} ${each.companies}`))],
    },
    { sentence: 'Files:', entries: [...files] },
  ];
  return sections
    .filter((section, index) => index === 0 || lead.includes(section) || section.entries.length > 0)
    .map(({ sentence, entries, most }) => ({
      sentence,
      entries: capped(
        entries.map(onOneLine).map((entry) => shortened(entry, LONGEST_ENTRY)),
        most,
      ),
    }));
}

const isOrAre = ({ length }: readonly unknown[]): string => (length === 1 ? 'is' : 'are');

/** What a vendor answered may be a page of its own; the run's automation log has it whole. */
const LONGEST_ENTRY = 500;
