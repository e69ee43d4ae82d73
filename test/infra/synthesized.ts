import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { bundleFunctions } from '../../infra/functions.ts';
import { readSettings } from '../../infra/settings.ts';
import { BillingCountReportStack } from '../../infra/stack.ts';
import { loadRegistry } from '../../lambdas/registry.ts';

const folder = mkdtempSync(join(tmpdir(), 'synthesized-'));

/** Everything that can be set, set. */
export const EVERY_SETTING: Readonly<Record<string, string>> = {
  schedule: 'monthly',
  time: '06:30',
  timeZone: 'Europe/Vienna',
  alarmEmail: 'noc@northwind.example',
  sender: 'reports@northwind.example',
  configurationSet: 'bounces',
};

/** As in cdk.json, and with the paths that the CDK command line adds. */
const CONTEXT = { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true, 'aws:cdk:enable-path-metadata': true };

export const registry = await loadRegistry();
export const bundles = await bundleFunctions(registry, join(folder, 'lambda'));

/** The functions that the definition calls. */
export const PIPELINE = [
  'check-running-org',
  'get-integration-ids',
  'consolidate',
  'reconcile',
  'find-changes',
  'create-csv',
  'create-workbook',
  'send-email-with-attachment',
  'keep-history',
  'build-automation-log',
  ...registry.collectors.map(({ id }) => `collector-${id}`),
  ...registry.sources.map(({ id }) => `source-${id}`),
  ...registry.psas.map(({ id }) => `psa-${id}`),
];

/** Our stack with these settings, as the app makes it; nothing is written into the project. */
export function stackWith(settings: Readonly<Record<string, string>> = EVERY_SETTING) {
  const app = new App({ context: CONTEXT, outdir: mkdtempSync(join(folder, 'out-')) });
  const stack = new BillingCountReportStack(app, readSettings(settings), { registry, bundles });
  return { app, stack };
}

export const templateOf = ({ stack }: ReturnType<typeof stackWith>): Template => Template.fromStack(stack);
