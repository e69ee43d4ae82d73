import type { ReportHead } from '../report/report.ts';

/** How people call an integration. */
export function integrationNames({ integrations }: ReportHead): (integration: string) => string {
  const names = new Map(integrations.map(({ integration, name }) => [integration, name]));
  return (integration) => names.get(integration) ?? integration;
}
