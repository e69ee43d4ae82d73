import { Annotations, type App, Stack } from 'aws-cdk-lib';
import type { Registry } from '../lambdas/registry.ts';
import { BillingCountReport } from './billing-count-report.ts';
import type { Settings } from './settings.ts';

/** Our own installation. It looks up nothing, so that it can be synthesized without an account. */
export class BillingCountReportStack extends Stack {
  readonly report: BillingCountReport;

  constructor(app: App, { stackName, properties }: Settings, registry: Registry) {
    super(app, stackName, { description: 'Counts what every customer of an MSP has, and delivers one CSV' });
    this.report = new BillingCountReport(this, 'Report', { registry, ...properties });
    if (properties.alarmEmail === undefined) {
      Annotations.of(this).addWarningV2('nobody-is-told', 'Alarms reach nobody: set alarmEmail');
    }
    if ((properties.mailVia?.includes('ses') ?? true) && properties.sender === undefined) {
      Annotations.of(this).addWarningV2(
        'no-sender',
        'The report may not be sent by e-mail: set sender for SES, or mailVia for another service',
      );
    }
  }
}
