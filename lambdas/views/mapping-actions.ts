import type { Report, UnmappedCustomer } from '../report/report.ts';
import type { Action } from './actions.ts';
import { integrationNames, suggestionFor } from './names.ts';
import type { Suggestion } from './report-data.ts';

/** Columns of one customer that an action names. */
const COUNTS = 3;

/** What is to be corrected in organizations.json: ids in doubt first, then customers with counts that no company has. */
export function mappingActions(report: Report, suggestions: readonly Suggestion[]): Action[] {
  const nameOf = integrationNames(report);
  const companies = new Map(report.rows.map(({ organization }) => [organization.id, organization.name]));
  const companyOf = (id: string): string => companies.get(id) ?? id;
  const suggested = suggestionFor(suggestions);

  const ambiguous = report.ambiguous.map(
    (customer): Action => ({
      who: 'mapping',
      what:
        `${nameOf(customer.integration)} customer ${customer.customerName} (${customer.customerId}) is mapped to ` +
        `${customer.claimedBy.map(companyOf).join(' and ')}: keep the id with one of them.`,
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
  const unmapped = report.unmapped.filter(hasCounts).map((customer): Action => {
    const suggestion = suggested(customer);
    return {
      who: 'mapping',
      what:
        `${nameOf(customer.integration)} customer ${customer.customerName} (${customer.customerId}) has ${countsOf(customer)} ` +
        `and no company: ${suggestion === undefined ? 'add its id to its company' : adviceOf(suggestion)}.`,
      where: placeOf(customer.integration),
    };
  });
  return [...ambiguous, ...notFound, ...unmapped];
}

const placeOf = (integration: string): string => `organizations.json, integrationIds.${integration}`;

const adviceOf = ({ company, certainty, evidence }: Suggestion): string =>
  certainty === 'unclear' ? `perhaps ${company} (${evidence})` : `add its id to ${company} (${certainty}: ${evidence})`;

/** An edition alone is nothing to invoice. */
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
