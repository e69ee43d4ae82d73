import type { Figure } from '../platform/platform.ts';
import type { ReportHead } from '../report/report.ts';
import type { FinalState } from './final-state.ts';

/** The metrics at the end of a run. Every alarm uses one of them, so each run reports all of them, including zeros. */
export function figuresOf(state: FinalState, report: ReportHead | undefined): Figure[] {
  return [
    { metric: 'RunsSucceeded', value: state.error === undefined ? 1 : 0 },
    { metric: 'DeliveriesFailed', value: deliveryFailed(state) ? 1 : 0 },
    ...(report === undefined ? [] : reportFigures(report)),
  ];
}

/** The report was made and not delivered. */
const deliveryFailed = ({ error, files, report }: FinalState): boolean =>
  error !== undefined && files !== undefined && report?.error === null;

function reportFigures({ rows, unmapped, integrations }: ReportHead): Figure[] {
  const having = (status: ReportHead['integrations'][number]['status']) =>
    integrations.filter((integration) => integration.status === status).length;
  return [
    { metric: 'IntegrationsFailed', value: having('failed') },
    { metric: 'IntegrationsPartial', value: having('partial') },
    { metric: 'UnmappedCustomers', value: unmapped.length },
    { metric: 'Companies', value: rows.length },
    ...integrations.flatMap((entry): Figure[] => {
      const { integration, status } = entry;
      if (status === 'not-installed') return [];
      return [
        { metric: 'Failed', value: status === 'failed' ? 1 : 0, integration },
        { metric: 'Partial', value: status === 'partial' ? 1 : 0, integration },
        ...(entry.status === 'failed' ? [] : [{ metric: 'Customers', value: entry.customers, integration }]),
      ];
    }),
  ];
}
