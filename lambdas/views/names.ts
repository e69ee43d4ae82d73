import type { Report } from '../report/report.ts';
import type { Suggestion } from './report-data.ts';

/** How people call an integration. */
export function integrationNames({ integrations }: Report): (integration: string) => string {
  const names = new Map(integrations.map(({ integration, name }) => [integration, name]));
  return (integration) => names.get(integration) ?? integration;
}

type CustomerKey = { integration: string; customerId: string };

const keyOf = ({ integration, customerId }: CustomerKey): string => JSON.stringify([integration, customerId]);

/** The suggestion for a vendor customer, if there is any. */
export function suggestionFor(
  suggestions: readonly Suggestion[] = [],
): (customer: CustomerKey) => Suggestion | undefined {
  const byKey = new Map(suggestions.map((each) => [keyOf(each), each]));
  return (customer) => byKey.get(keyOf(customer));
}
