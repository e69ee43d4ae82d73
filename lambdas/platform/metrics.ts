import type { Figure } from './platform.ts';

/** Of every metric of this project. */
export const METRIC_NAMESPACE = 'BillingCountReport';

/**
 * Log lines from which CloudWatch makes metrics (embedded metric format): no call, no permission, nothing to wait for. One line
 * for the figures of the whole run and one for each integration; `deployment` keeps two installations of an account apart.
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
