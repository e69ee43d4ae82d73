import { Annotations, type App, Stack } from 'aws-cdk-lib';
import { BillingCountReport, type BillingCountReportProperties } from './billing-count-report.ts';
import type { Settings } from './settings.ts';

/** Our own installation. It looks up nothing, so that it can be synthesized without an account. */
export class BillingCountReportStack extends Stack {
  constructor(
    app: App,
    { stackName, properties }: Settings,
    made: Pick<BillingCountReportProperties, 'registry' | 'bundles'>,
  ) {
    super(app, stackName, { description: 'Counts what every customer of an MSP has, and delivers one CSV' });
    new BillingCountReport(this, 'Report', { ...made, ...properties });
    if (properties.alarmEmail === undefined) {
      Annotations.of(this).addWarningV2('no-alarm-email', 'Alarms reach nobody: set alarmEmail');
    }
    if ((properties.mailVia?.includes('ses') ?? true) && properties.sender === undefined) {
      Annotations.of(this).addWarningV2(
        'no-sender',
        'The report may not be sent by e-mail: set sender for SES, or mailVia for another service',
      );
    }
  }
}
