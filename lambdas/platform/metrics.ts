import type { Figure } from './platform.ts';

/** The namespace of all metrics of this project. */
export const METRIC_NAMESPACE = 'BillingCountReport';

/**
 * Log lines from which CloudWatch makes metrics (embedded metric format), without a call or permission. One line for
 * the figures of the whole run and one per integration; `deployment` distinguishes two installations in one account.
 */
export function metricLines(figures: readonly Figure[], deployment: string, at: number): string[] {
  const groups = new Map<string | undefined, Figure[]>();
  for (const figure of figures) groups.set(figure.integration, [...(groups.get(figure.integration) ?? []), figure]);
  return [...groups].map(([integration, group]) => {
    const dimensions = { Deployment: deployment, ...(integration === undefined ? {} : { Integration: integration }) };
    return JSON.stringify({
      _aws: {
        Timestamp: at,
        CloudWatchMetrics: [
          {
            Namespace: METRIC_NAMESPACE,
            Dimensions: [Object.keys(dimensions)],
            Metrics: group.map(({ metric }) => ({ Name: metric })),
          },
        ],
      },
      ...dimensions,
      ...Object.fromEntries(group.map(({ metric, value }) => [metric, value])),
    });
  });
}
