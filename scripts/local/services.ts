import type { BillingSource } from '../../lambdas/billing/configuration.ts';
import {
  agreeingWithSeveral,
  type FirstBilling,
  firstServices,
  type PsaProduct,
} from '../../lambdas/billing/first-services.ts';
import { type Period, periodOf } from '../../lambdas/billing/period.ts';
import { productsOf } from '../../lambdas/billing/sold.ts';
import type { ReportConfiguration } from '../../lambdas/configuration/report-json.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { dayIn } from '../../lambdas/report/day.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { quantity } from '../../lambdas/report/quantity.ts';
import { earlierRun } from '../../lambdas/run/begun-run.ts';
import { readBilledFile } from '../../lambdas/run/billed-plan.ts';
import { readReportConfiguration } from '../../lambdas/run/configuration-files.ts';
import { knownIn } from '../../lambdas/run/known.ts';
import { redactedError } from '../../lambdas/run/redacted.ts';
import { headOf } from '../../lambdas/run/report-file.ts';
import { openSession } from '../../lambdas/run/session.ts';
import { withSecret } from '../../lambdas/run/with-secret.ts';
import { readProducts } from '../../lambdas/sources/reading/products.ts';
import { Paused } from '../../lambdas/wire/session.ts';
import { lastRun } from './last-run.ts';
import type { ServicesOptions } from './services-options.ts';
import { billedSources } from './services-sources.ts';

/** How long a PSA may take to list what it sells, including waits for its rate limit. */
const PATIENCE_MILLISECONDS = 30 * 60_000;

type Occasion = {
  registry: Registry;
  platform: Platform;
  configuration: ReportConfiguration;
  asOf: string;
  timeZone: string;
  period: Period;
};

/**
 * A first billing.json for the products of the PSA and the columns of a run's report, and remarks on it.
 * Errors: `ConfigurationError` with file and field, or option; those of the PSA, without secrets.
 */
export async function proposeServices(
  { out, runId }: Pick<ServicesOptions, 'out' | 'runId'>,
  registry: Registry,
  platform: Platform,
): Promise<{ billing: FirstBilling; remarks: string[] }> {
  const { objects } = platform;
  const configuration = await readReportConfiguration(objects, knownIn(registry));
  const { managingOrganization } = configuration;
  const run = await (runId === undefined
    ? lastRun(objects, out, managingOrganization.id)
    : earlierRun(objects, runId, managingOrganization.id, '--run-id'));
  const report = await headOf(objects, run.runId);
  const { written, sources, period: setting } = await billedSources(registry, objects, configuration);
  const { asOf } = report;
  const timeZone = configuration.timeZone ?? platform.timeZone;
  const period = periodOf(setting, dayIn(asOf, timeZone));
  const occasion = { registry, platform, configuration, asOf, timeZone, period };
  const products: PsaProduct[] = [];
  for (const source of sources) products.push(...(await productsAt(source, occasion)));
  const billing = firstServices(written, products, report, registry.collectors);
  const several = agreeingWithSeveral(products, report, registry.collectors).map(
    ({ product, titles }) => `${product.name} agrees with ${titles.join(', ')}; name those by which you bill it`,
  );
  return { billing, remarks: [remarkOn(billing, run.runId), ...several] };
}

function remarkOn({ services, unused }: FirstBilling, runId: string): string {
  const left = `${quantity(unused.products.length, 'product')} and ${quantity(unused.columns.length, 'column')} of run ${runId}`;
  return `${quantity(services.length, 'service')} by exact agreement; ${left} are left under "unused"`;
}

async function productsAt(source: BillingSource, occasion: Occasion): Promise<PsaProduct[]> {
  const { registry, platform, configuration, period } = occasion;
  if (source.kind === 'file') {
    const side = await readBilledFile(source, platform.objects, occasion, period);
    if (side.status === 'failed') throw new ReportError(side.error, side.message);
    return productsOf(side.lines);
  }
  const { id, settings: options } = source;
  const declared = registry.sources.find((candidate) => candidate.id === id);
  if (declared === undefined) throw new Error(`billing.json was read with the unknown source ${id}`);
  return withSecret(platform.secrets, declared, async (secret) => {
    const session = openSession(platform, { deadline: platform.clock.now() + PATIENCE_MILLISECONDS }, id);
    session.redactor.hide(secret);
    try {
      const open = declared.open({ secret, configuration: configuration.integrations.get(id) ?? {}, options });
      return await readProducts({ name: declared.name, label: id, open }, period, session);
    } catch (error) {
      throw error instanceof Paused
        ? new ReportError('VendorRateLimitError', `${declared.name}: not read within half an hour: ${error.reason}`)
        : redactedError(error, session.redactor);
    }
  });
}
