import type { CompanySuggestion } from '../report/company-suggestion.ts';
import type { UnmappedCustomer } from '../report/report.ts';
import { integrationNames } from './names.ts';
import type { ReportData } from './report-data.ts';

/** One count of a customer that is not mapped, or why there is none. */
export type UnmappedLine = {
  integration: string;
  customerId: string;
  customerName: string;
  column?: string;
  count?: number;
  text?: string;
  reason?: string;
  suggestedCompany?: string;
  /** How sure the suggestion is. */
  suggestion?: CompanySuggestion['certainty'];
  evidence?: string;
};

/** At least one line per customer, so that none is missing from this file. */
export function unmappedLines({ report }: ReportData): UnmappedLine[] {
  const nameOf = integrationNames(report);
  return report.unmapped.flatMap((customer) => {
    const { integration, customerId, customerName, suggestion } = customer;
    const facts = { integration: nameOf(integration), customerId, customerName, ...suggestionFacts(suggestion) };
    return linesOf(customer).map((line) => ({ ...facts, ...line }));
  });
}

function suggestionFacts(suggestion: CompanySuggestion | undefined) {
  if (suggestion === undefined) return {};
  const { certainty, company, evidence } = suggestion;
  return { ...(company === undefined ? {} : { suggestedCompany: company.name }), suggestion: certainty, evidence };
}

type Line = Pick<UnmappedLine, 'column' | 'count' | 'text' | 'reason'>;

function linesOf(customer: UnmappedCustomer): Line[] {
  const { state, counts, gaps } = customer;
  if (state === 'failed') return [{ reason: `failed (${customer.error}): ${customer.reason}` }];
  if (state === 'excluded') return [{ reason: `excluded: ${customer.reason}` }];
  const lines: Line[] = [
    ...Object.entries(counts).map(([column, value]) =>
      typeof value === 'number' ? { column, count: value } : { column, text: value },
    ),
    ...Object.entries(gaps ?? {}).map(([column, gap]) => ({ column, reason: `${gap.state}: ${gap.reason}` })),
  ];
  return lines.length === 0 ? [{}] : lines;
}
