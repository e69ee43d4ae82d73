import type { UnmappedCustomer } from '../report/report.ts';
import { integrationNames, suggestionFor } from './names.ts';
import type { ReportData } from './report-data.ts';

/** One count of a customer that no company has, or why there is none. */
export type UnmappedLine = {
  integration: string;
  customerId: string;
  customerName: string;
  column?: string;
  count?: number;
  text?: string;
  reason?: string;
  suggestion?: string;
};

/** At least one line a customer, or it would be lost to whoever reads only this. */
export function unmappedLines({ report, suggestions }: ReportData): UnmappedLine[] {
  const nameOf = integrationNames(report);
  const suggested = suggestionFor(suggestions);
  return report.unmapped.flatMap((customer) => {
    const { integration, customerId, customerName } = customer;
    const suggestion = suggested(customer);
    const facts = {
      integration: nameOf(integration),
      customerId,
      customerName,
      ...(suggestion === undefined
        ? {}
        : { suggestion: `${suggestion.company} (${suggestion.certainty}: ${suggestion.evidence})` }),
    };
    return linesOf(customer).map((line) => ({ ...facts, ...line }));
  });
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
