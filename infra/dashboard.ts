import { Duration } from 'aws-cdk-lib';
import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Figures } from './figures.ts';

export type DashboardProperties = {
  name: string;
  alarms: readonly Alarm[];
  standard: StateMachine;
  figures: Figures;
  /** Ids of the collectors. */
  integrations: readonly string[];
};

const HOUR = Duration.hours(1);
const DAY = Duration.days(1);
const FULL_WIDTH = 24;
const HALF = 12;

/** One page: what is wrong now, how the runs ended, what each vendor counted. */
export function dashboard(scope: Construct, properties: DashboardProperties): Dashboard {
  const { name, alarms, standard, figures, integrations } = properties;
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    defaultInterval: Duration.days(90),
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: FULL_WIDTH })],
      [
        new SingleValueWidget({
          title: 'Last run',
          width: HALF,
          metrics: ['Companies', 'UnmappedCustomers', 'IntegrationsFailed', 'IntegrationsPartial'].map((metric) =>
            figures.ofRun(metric, 'Maximum', DAY),
          ),
        }),
        new GraphWidget({
          title: 'Runs',
          width: HALF,
          left: [
            standard.metricSucceeded({ period: DAY }),
            standard.metricFailed({ period: DAY }),
            standard.metricTimedOut({ period: DAY }),
          ],
        }),
      ],
      [
        new GraphWidget({
          title: 'Vendors that could not be read',
          width: HALF,
          stacked: true,
          left: integrations.map((id) => figures.ofIntegration(id, 'Failed', 'Maximum', HOUR)),
        }),
        new GraphWidget({
          title: 'Customers that each vendor lists',
          width: HALF,
          left: integrations.map((id) => figures.ofIntegration(id, 'Customers', 'Maximum', HOUR)),
        }),
      ],
    ],
  });
}
