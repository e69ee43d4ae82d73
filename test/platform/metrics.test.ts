import { describe, expect, it } from 'vitest';
import { metricLines } from '../../lambdas/platform/metrics.ts';

describe('the lines that CloudWatch makes metrics of', () => {
  const lines = metricLines(
    [
      { metric: 'Companies', value: 41 },
      { metric: 'Failed', value: 1, integration: 'duo' },
      { metric: 'Failed', value: 0, integration: 'huntress' },
      { metric: 'Customers', value: 12, integration: 'huntress' },
    ],
    'northwind',
    1_700_000_000_000,
  ).map((line) => JSON.parse(line));

  it('are one for the run and one per integration', () => {
    expect(lines.map(({ Integration }) => Integration)).toEqual([undefined, 'duo', 'huntress']);
  });

  it('name namespace, dimensions and metrics, and carry every value they name', () => {
    expect(lines[2]).toEqual({
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'BillingCountReport',
            Dimensions: [['Deployment', 'Integration']],
            Metrics: [{ Name: 'Failed' }, { Name: 'Customers' }],
          },
        ],
      },
      Deployment: 'northwind',
      Integration: 'huntress',
      Failed: 0,
      Customers: 12,
    });
  });

  it('are absent without a figure', () => {
    expect(metricLines([], 'northwind', 0)).toEqual([]);
  });
});
