import { isUsed } from './cells.ts';
import { minuteIn, monthIn, monthInWords } from './day.ts';
import { failureInWords } from './failure-in-words.ts';
import { quantity } from './quantity.ts';
import type { CustomerFailure, ReportHead, RowGap, UnmappedCustomer } from './report.ts';
import { listed } from './text.ts';

/** The report in a few words: what tickets and e-mails say. Names are those that people use. */
export type ReportSummary = {
  runId: string;
  /** When the counts were read: "2026-11-22 06:30 UTC". */
  asOf: string;
  /** The month of the report: "November 2026". */
  month: string;
  managingOrganization: string;
  companies: number;
  integrations: {
    collected: string[];
    partial: { name: string; reason: string }[];
    failed: { name: string; reason: string }[];
  };
  /** Customers that are mapped to no company. */
  unmapped: { integration: string; customer: string; id: string; counts: string }[];
  /** Customers that are mapped to several companies. */
  ambiguous: { integration: string; customer: string; id: string; companies: string[] }[];
  /** Companies with a blank cell where a number is due, beyond what wholly failed integrations explain. */
  incomplete: { company: string; gaps: string }[];
  /** Integrations in which companies have no id, and how many those are. */
  withoutId: { integration: string; companies: number }[];
};

export function summarize(report: ReportHead): ReportSummary {
  const { timeZone = 'UTC' } = report;
  const names = new Map(report.integrations.map(({ integration, name }) => [integration, name]));
  const nameOf = (integration: string): string => names.get(integration) ?? integration;
  const companies = new Map(report.rows.map(({ organization }) => [organization.id, organization.name]));
  const failed = report.integrations.filter((integration) => integration.status === 'failed');
  const broken = new Set(failed.map(({ integration }) => integration));
  const withoutId = new Map<string, number>();
  for (const { gaps } of report.rows) {
    for (const { integration, state } of gaps ?? []) {
      if (state === 'unmapped') withoutId.set(integration, (withoutId.get(integration) ?? 0) + 1);
    }
  }
  return {
    runId: report.runId,
    asOf: `${minuteIn(report.asOf, timeZone)} ${timeZone}`,
    month: monthOf(report.asOf, timeZone),
    managingOrganization: report.managingOrganization.name,
    companies: report.rows.length,
    integrations: {
      collected: report.integrations.filter(({ status }) => status === 'collected').map(({ name }) => name),
      partial: report.integrations
        .filter((integration) => integration.status === 'partial')
        .map((integration) => ({ name: integration.name, reason: partInWords(integration) })),
      failed: failed.map(({ name, error, message }) => ({ name, reason: failureInWords({ error, message }) })),
    },
    unmapped: report.unmapped.map((customer) => ({
      integration: nameOf(customer.integration),
      customer: customer.customerName,
      id: customer.customerId,
      counts: countsInWords(customer),
    })),
    ambiguous: report.ambiguous.map(({ integration, customerId, customerName, claimedBy }) => ({
      integration: nameOf(integration),
      customer: customerName,
      id: customerId,
      companies: claimedBy.map((id) => companies.get(id) ?? id),
    })),
    incomplete: report.rows.flatMap(({ organization, gaps }) => {
      const due = (gaps ?? []).filter(({ integration, state }) => state !== 'unmapped' && !broken.has(integration));
      const sentences = due.map((gap) => gapInWords(gap, nameOf));
      return sentences.length === 0 ? [] : [{ company: organization.name, gaps: sentences.join('; ') }];
    }),
    withoutId: report.integrations.flatMap(({ integration, name }) => {
      const count = withoutId.get(integration);
      return count === undefined ? [] : [{ integration: name, companies: count }];
    }),
  };
}

/** How much of a vendor is missing, with the first of its failures. */
function partInWords({ customers, failures }: { customers: number; failures: readonly CustomerFailure[] }): string {
  const affected = new Set(failures.map(({ customerId }) => customerId)).size;
  const [first] = failures;
  const example = first === undefined ? '' : `, for example ${first.customerName}: ${failureInWords(first)}`;
  return `${affected} of ${quantity(customers, 'customer')} could not be read completely${example}`;
}

/** The month of a moment (ISO 8601) in a time zone: "November 2026". */
export const monthOf = (asOf: string, timeZone: string): string => monthInWords(monthIn(asOf, timeZone));

const gapInWords = ({ integration, column, state, detail }: RowGap, nameOf: (id: string) => string): string =>
  `${column ?? nameOf(integration)}: ${state}${detail === undefined ? '' : ` (${detail})`}`;

/** "Huntress EDR Agents 4, Huntress SAT Learners 2"; what has nothing is not named. */
function countsInWords(customer: UnmappedCustomer): string {
  const { counts, gaps, state } = customer;
  if (state !== undefined) return `${state} (${state === 'failed' ? customer.error : customer.reason})`;
  const counted = Object.entries(counts)
    .filter(([, value]) => isUsed(value))
    .map(([title, value]) => `${title} ${value}`);
  const blank = Object.entries(gaps ?? {})
    .filter(([, gap]) => gap.state === 'failed')
    .map(([title]) => `${title} failed`);
  const all = [...counted, ...blank];
  return all.length === 0 ? 'nothing counted' : listed(all);
}
