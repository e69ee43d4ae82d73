import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { loadRegistry } from '../lambdas/registry.ts';
import { isReportError } from '../lambdas/report/errors.ts';
import { bundleFunctions } from './functions.ts';
import { readSettings } from './settings.ts';
import { sizesText } from './sizes.ts';
import { BillingCountReportStack } from './stack.ts';

try {
  const app = new App();
  // A finding makes the synthesis fail.
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const settings = readSettings(app.node.getAllContext());
  const registry = await loadRegistry();
  const bundles = await bundleFunctions(registry);
  new BillingCountReportStack(app, settings, { registry, bundles });
  process.stderr.write(sizesText(bundles));
  app.synth();
} catch (error) {
  if (!isReportError(error, 'ConfigurationError')) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
