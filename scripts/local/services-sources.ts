import type { BillingSource } from '../../lambdas/billing/configuration.ts';
import type { PeriodSetting } from '../../lambdas/billing/period.ts';
import type { ReportConfiguration } from '../../lambdas/configuration/report-json.ts';
import type { Objects } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { isRecord } from '../../lambdas/report/record.ts';
import { billingKnown, readBilling } from '../../lambdas/run/billing-files.ts';
import { readOrganizationList } from '../../lambdas/run/configuration-files.ts';
import { readJson } from '../../lambdas/run/json-file.ts';
import { billingKey } from '../../lambdas/run/keys.ts';
import { knownIn } from '../../lambdas/run/known.ts';

/** Where products come from; `written` is its form in billing.json. */
export type BilledSources = { written: unknown; sources: readonly BillingSource[]; period: PeriodSetting };

/**
 * The sources that billing.json names, or else the PSA that the report is delivered to. Errors: `ConfigurationError`.
 */
export async function billedSources(
  registry: Registry,
  objects: Objects,
  configuration: ReportConfiguration,
): Promise<BilledSources> {
  // If the shell redirects our output to billing.json, the file is empty before we begin.
  const bytes = await objects.read(billingKey);
  if (bytes === undefined || bytes.length === 0) return psaOf(registry, configuration);
  const known = knownIn(registry);
  const organizations = await readOrganizationList(objects, known);
  const billing = await readBilling(objects, billingKnown(known, organizations, configuration.managingOrganization));
  const file = await readJson(objects, billingKey);
  if (billing === undefined || !isRecord(file)) return psaOf(registry, configuration);
  return { written: file.source, sources: billing.sources, period: billing.period };
}

function psaOf({ sources }: Registry, { delivery, integrations }: ReportConfiguration): BilledSources {
  const id = delivery.psa?.integration;
  const source = sources.find((candidate) => candidate.id === id);
  if (source === undefined || !integrations.has(source.id)) {
    const readable = sources.map((candidate) => candidate.id).join(', ');
    throw new ReportError(
      'ConfigurationError',
      `report.json: delivery.psa.integration: expected an installed PSA whose agreements can be read (${readable}), found ${id ?? 'none'}; ` +
        'or name the source in billing.json, such as a file of billed lines',
    );
  }
  const experimental = source.experimental === undefined ? {} : { experimental: true };
  return {
    written: { integration: source.id, ...experimental },
    sources: [{ kind: 'psa', id: source.id, name: source.name, settings: {} }],
    period: 'current',
  };
}
