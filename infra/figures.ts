import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE } from '../lambdas/platform/metrics.ts';

/** The metrics that the functions write into their logs, as CloudWatch keeps them. */
export type Figures = {
  ofRun: (metricName: string, statistic: string, period: Duration) => Metric;
  ofIntegration: (integration: string, metricName: string, statistic: string, period: Duration) => Metric;
};

/** The figures of one installation. */
export const figuresOf = (deployment: string): Figures => {
  const metric = (
    metricName: string,
    statistic: string,
    period: Duration,
    dimensions: Record<string, string>,
    label?: string,
  ): Metric =>
    new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      statistic,
      period,
      dimensionsMap: { Deployment: deployment, ...dimensions },
      ...(label === undefined ? {} : { label }),
    });
  return {
    ofRun: (metricName, statistic, period) => metric(metricName, statistic, period, {}),
    ofIntegration: (integration, metricName, statistic, period) =>
      metric(metricName, statistic, period, { Integration: integration }, integration),
  };
};
