import { capped, listed } from './listed.ts';
import { beginningOf, onOneLine } from './one-line.ts';
import type { ReportSummary } from './summary.ts';

/** One paragraph of the summary: a sentence, and the list that belongs to it. */
type Paragraph = { sentence: string; entries: string[] };

/** The summary as plain text. `files` are the places where the report's files lie. */
export function plainSummary(summary: ReportSummary, files: readonly string[] = []): string {
  const paragraphs = paragraphsOf(summary, files).map(({ sentence, entries }) =>
    [sentence, ...entries.map((entry) => `- ${entry}`)].join('\n'),
  );
  return `${[titleOf(summary), ...paragraphs].join('\n\n')}\n`;
}

/** The summary as a fragment of HTML, every text escaped. */
export function htmlSummary(summary: ReportSummary, files: readonly string[] = []): string {
  const paragraphs = paragraphsOf(summary, files).map(({ sentence, entries }) => {
    const items = entries.map((entry) => `<li>${escaped(entry)}</li>`).join('');
    return `<p>${escaped(sentence)}</p>${items === '' ? '' : `<ul>${items}</ul>`}`;
  });
  return [`<h2>${escaped(titleOf(summary))}</h2>`, ...paragraphs].join('\n');
}

const titleOf = ({ month }: ReportSummary): string => `Billing Reconciliation, ${month}`;

function paragraphsOf(summary: ReportSummary, files: readonly string[]): Paragraph[] {
  const { integrations, unmapped, ambiguous, incomplete, withoutId } = summary;
  const { collected, partial, failed } = integrations;
  const paragraphs: Paragraph[] = [
    {
      sentence:
        `${summary.managingOrganization}: ${quantity(summary.companies, 'company', 'companies')}, ` +
        `${collected.length} of ${quantity(collected.length + partial.length + failed.length, 'integration')} ` +
        `collected in full${collected.length === 0 ? '' : ` (${listed(collected)})`}. ` +
        `As of ${momentOf(summary.asOf)}, run ${summary.runId}.`,
      entries: [],
    },
    {
      sentence:
        `${quantity(failed.length, 'integration')} failed; the cells concerned are blank. ` +
        'Whoever keeps its keys and settings mends the reason and runs the report again, under a new run id:',
      entries: failed.map(({ name, reason }) => `${name}: ${reason}`),
    },
    {
      sentence:
        `${quantity(partial.length, 'integration')} collected in part; the cells concerned are blank. ` +
        'Whoever keeps their keys and settings mends the reasons and runs the report again, or those customers are counted by hand:',
      entries: partial.map(({ name, reason }) => `${name}: ${reason}`),
    },
    {
      sentence:
        `${quantity(ambiguous.length, 'vendor customer')} claimed by more than one company, counted for none. ` +
        'Keep the id with one of them in organizations.json:',
      entries: ambiguous.map(
        ({ integration, customer, id, claimedBy }) =>
          `${integration}: ${customer} (${id}), claimed by ${claimedBy.join(' and ')}`,
      ),
    },
    {
      sentence:
        `${quantity(incomplete.length, 'company', 'companies')} with incomplete data` +
        `${failed.length === 0 ? '' : ' besides what failed'}. Check their blank cells before you invoice:`,
      entries: incomplete.map(({ company, gaps }) => `${company}: ${gaps}`),
    },
    {
      sentence:
        `${quantity(unmapped.length, 'vendor customer')} claimed by no company, so in no row of report.csv but in unmapped.csv. ` +
        'Where one is to be invoiced, add its id to its company in organizations.json:',
      entries: unmapped.map(
        ({ integration, customer, id, counts }) => `${integration}: ${customer} (${id}): ${counts}`,
      ),
    },
    {
      sentence: 'Companies without an id, whose cells are blank. Nothing is to be done where they do not use it:',
      entries: withoutId.map(({ integration, companies }) => `${integration}: ${companies}`),
    },
    { sentence: 'Files:', entries: [...files] },
  ];
  return paragraphs
    .filter(({ entries }, index) => index === 0 || entries.length > 0)
    .map(({ sentence, entries }) => ({ sentence, entries: capped(entries.map(onOneLine).map(brief)) }));
}

/** What a vendor answered may be a page of its own; the run's automation log has it whole. */
const LONGEST_ENTRY = 500;

const brief = (entry: string): string =>
  entry.length > LONGEST_ENTRY ? `${beginningOf(entry, LONGEST_ENTRY).trimEnd()} […]` : entry;

/** "2026-11-22 06:30 UTC" of an ISO 8601 moment in UTC. */
const momentOf = (asOf: string): string => `${asOf.slice(0, 16).replace('T', ' ')} UTC`;

const quantity = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

const escaped = (text: string): string =>
  text.replace(/[&<>"']/gu, (character) => ENTITIES.get(character) ?? character);
