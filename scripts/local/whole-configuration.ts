import type { BillingConfiguration } from '../../lambdas/billing/configuration.ts';
import type { ReportConfiguration } from '../../lambdas/configuration/report-json.ts';
import type { Objects } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import type { Organization } from '../../lambdas/report/organization.ts';
import { billingKnown, readBilling } from '../../lambdas/run/billing-files.ts';
import { readOrganizationList, readReportConfiguration } from '../../lambdas/run/configuration-files.ts';
import { knownIn } from '../../lambdas/run/known.ts';

/** The content of the user's files; `billing` is undefined if there is no billing.json. */
export type WholeConfiguration = {
  configuration: ReportConfiguration;
  organizations: Organization[];
  billing: BillingConfiguration | undefined;
};

/**
 * Reads and checks report.json, organizations.json and billing.json. Errors: `ConfigurationError`, all faults of a file
 * at once.
 */
export async function wholeConfiguration(registry: Registry, objects: Objects): Promise<WholeConfiguration> {
  const known = knownIn(registry);
  const configuration = await readReportConfiguration(objects, known);
  const organizations = await readOrganizationList(objects, known);
  const billing = await readBilling(objects, billingKnown(known, organizations, configuration.managingOrganization));
  return { configuration, organizations, billing };
}
