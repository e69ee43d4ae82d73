import type { BilledSide } from '../../lambdas/billing/line.ts';
import { periodOf } from '../../lambdas/billing/period.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { dayIn } from '../../lambdas/report/day.ts';
import { isReportError } from '../../lambdas/report/errors.ts';
import { readBilledFile } from '../../lambdas/run/billed-plan.ts';
import { readSecret } from '../../lambdas/run/secret.ts';
import { type WholeConfiguration, wholeConfiguration } from './whole-configuration.ts';

/** Remarks on the billed side before a run; none of them ends the run. */
export async function billedRemarks(registry: Registry, platform: Platform): Promise<string[]> {
  const whole = await wholeConfiguration(registry, platform.objects);
  return [
    ...(await unreadableSources(whole, registry, platform)),
    ...remarksOnCurrency(whole, registry),
    ...(await billedFiles(whole, platform)).flatMap(remarksOnFile),
  ];
}

/** The files of billed lines as a run that began now would read them. */
export async function billedFiles(
  { configuration, billing }: WholeConfiguration,
  { objects, clock, timeZone }: Platform,
): Promise<BilledSide[]> {
  const asOf = new Date(clock.now()).toISOString();
  const zone = configuration.timeZone ?? timeZone;
  const sides: BilledSide[] = [];
  for (const source of billing?.sources ?? []) {
    if (source.kind !== 'file') continue;
    const period = periodOf(billing?.period ?? 'current', dayIn(asOf, zone));
    sides.push(await readBilledFile(source, objects, { asOf, timeZone: zone }, period));
  }
  return sides;
}

/**
 * What is missing in the settings of the PSAs whose agreements are read; a run goes on without such a PSA, as if it did
 * not answer.
 */
export async function unreadableSources(
  { configuration, billing }: WholeConfiguration,
  { sources }: Registry,
  { secrets }: Pick<Platform, 'secrets'>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const { kind, id, settings } of billing?.sources ?? []) {
    const source = sources.find((candidate) => candidate.id === id);
    if (kind === 'file' || source === undefined) continue;
    try {
      const secret = await readSecret(secrets, source);
      source.open({ secret, configuration: configuration.integrations.get(id) ?? {}, options: settings });
    } catch (error) {
      if (!isReportError(error)) throw error;
      faults.push(`${error.message}; nothing will be compared with ${source.name}`);
    }
  }
  return faults;
}

/** PSAs that give no currency, if billing.json gives none either. */
const remarksOnCurrency = ({ billing }: WholeConfiguration, { sources }: Registry): string[] =>
  (billing?.sources ?? []).flatMap(({ kind, id, settings }) => {
    const source = sources.find((candidate) => candidate.id === id);
    if (kind === 'file' || source === undefined || source.namesCurrency || settings.currency !== undefined) return [];
    return [
      `billing.json: source: ${source.name} gives no currency; expected "currency", such as "USD", or no difference is shown in money`,
    ];
  });

/** What is wrong or odd about such a file. A run goes on without an unreadable file, and compares nothing with it. */
const remarksOnFile = (side: BilledSide): string[] =>
  side.status === 'failed' ? [`${side.message}; nothing will be compared with it`] : side.notes;
