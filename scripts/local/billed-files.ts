import type { BilledSide } from '../../lambdas/billing/line.ts';
import { periodOf } from '../../lambdas/billing/period.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { dayIn } from '../../lambdas/report/day.ts';
import { readBilledFile } from '../../lambdas/run/billed-plan.ts';
import type { WholeConfiguration } from './whole-configuration.ts';

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

/** PSAs that name no currency where billing.json names none either. */
export const remarksOnCurrency = ({ billing }: WholeConfiguration, { sources }: Registry): string[] =>
  (billing?.sources ?? []).flatMap(({ kind, id, settings }) => {
    const source = sources.find((each) => each.id === id);
    if (kind === 'file' || source === undefined || source.namesCurrency || settings.currency !== undefined) return [];
    return [
      `billing.json: source: ${source.name} names no currency; expected "currency", such as "USD", or no difference has money`,
    ];
  });

/** What is wrong or odd about such a file. A run goes on without one that cannot be read, and compares nothing with it. */
export const remarksOnFile = (side: BilledSide): string[] =>
  side.status === 'failed' ? [`${side.message}; nothing will be compared with it`] : side.notes;
