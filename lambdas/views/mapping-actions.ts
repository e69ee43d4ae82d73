import { claimInWords } from '../report/claim.ts';
import { type CompanySuggestion, isOfDisabled } from '../report/company-suggestion.ts';
import type { ReportHead, UnmappedCustomer } from '../report/report.ts';
import type { Action } from './action.ts';
import { integrationNames } from './names.ts';

/** The most columns of one customer that an action names. */
const COUNTS = 3;

/**
 * What to correct in organizations.json: doubtful ids first, then customers with counts that are not mapped, and those
 * of companies that are not enabled.
 */
export function mappingActions(report: ReportHead): Action[] {
  const nameOf = integrationNames(report);
  const companies = new Map(report.rows.map(({ organization }) => [organization.id, organization.name]));
  const companyOf = (id: string): string => companies.get(id) ?? id;

  const ambiguous = report.ambiguous.map(
    (customer): Action => ({
      who: 'mapping',
      what:
        `${nameOf(customer.integration)} customer ${customer.customerName} (${customer.customerId}) is ` +
        `${claimInWords(customer.claimedBy.map(companyOf))}.`,
      where: placeOf(customer.integration),
    }),
  );
  const notFound = report.notFound.flatMap(({ integration, customerId, claimedBy }) =>
    claimedBy.map(
      (companyId): Action => ({
        who: 'mapping',
        what: `${nameOf(integration)} lists no customer ${customerId}: correct the id or remove it.`,
        company: companyOf(companyId),
        companyId,
        where: placeOf(integration),
      }),
    ),
  );
  // Companies that left come last: there is nobody to invoice.
  const counted = report.unmapped
    .filter(hasCounts)
    .toSorted((a, b) => Number(isOfDisabled(a)) - Number(isOfDisabled(b)));
  const unmapped = counted.map(
    (customer): Action => ({
      who: 'mapping',
      what:
        `${nameOf(customer.integration)} customer ${customer.customerName} (${customer.customerId}) has ${countsOf(customer)} ` +
        `${adviceOf(customer.suggestion)}.`,
      where: placeOf(customer.integration),
    }),
  );
  return [...ambiguous, ...notFound, ...unmapped];
}

const placeOf = (integration: string): string => `organizations.json, integrationIds.${integration}`;

function adviceOf({ certainty, company, evidence, disabled }: Partial<CompanySuggestion> = {}): string {
  if (company === undefined) return 'and no company: add its id to its company';
  if (disabled !== true) return `and no company: add its id to ${company.name} (${certainty}: ${evidence})`;
  return `and belongs to ${company.name}, which is not enabled: end what it no longer uses, or enable the company`;
}

/** There is nothing to invoice for an edition alone. */
const numbersOf = ({ counts }: UnmappedCustomer): [title: string, count: number][] =>
  Object.entries(counts).flatMap(([title, count]) =>
    typeof count === 'number' && count !== 0 ? [[title, count] satisfies [string, number]] : [],
  );

const hasCounts = (customer: UnmappedCustomer): boolean => numbersOf(customer).length > 0;

function countsOf(customer: UnmappedCustomer): string {
  const counts = numbersOf(customer);
  const more = counts.length - COUNTS;
  const shown = counts.slice(0, COUNTS).map(([title, count]) => `${title} ${count}`);
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
