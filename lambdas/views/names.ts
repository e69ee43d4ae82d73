import type { ReportHead } from '../report/report.ts';

/** An integration's name for people. */
export function integrationNames({ integrations }: ReportHead): (integration: string) => string {
  const names = new Map(integrations.map(({ integration, name }) => [integration, name]));
  return (integration) => names.get(integration) ?? integration;
}
