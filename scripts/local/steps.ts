import type { Step } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { knownIn } from '../../lambdas/run/known.ts';
import { buildAutomationLog } from '../../lambdas/steps/build-automation-log.ts';
import { checkRunningOrg } from '../../lambdas/steps/check-running-org.ts';
import { consolidateStep } from '../../lambdas/steps/consolidate.ts';
import { createCsv } from '../../lambdas/steps/create-csv.ts';
import { getBilledLines } from '../../lambdas/steps/get-billed-lines.ts';
import { collectorStep } from '../../lambdas/steps/get-counts.ts';
import { getIntegrationIds } from '../../lambdas/steps/get-integration-ids.ts';
import { psaStep } from '../../lambdas/steps/psa-ticket.ts';
import { reconcileStep } from '../../lambdas/steps/reconcile.ts';
import { sendEmailWithAttachment } from '../../lambdas/steps/send-email-with-attachment.ts';

/** Every step by the name of its function, as the definition calls it. */
export function stepsOf(registry: Registry): ReadonlyMap<string, Step> {
  const { collectors, psas, sources } = registry;
  const known = knownIn(registry);
  return new Map<string, Step>([
    ['check-running-org', checkRunningOrg(known)],
    ['get-integration-ids', getIntegrationIds(known)],
    ...collectors.map((collector) => [`collector-${collector.id}`, collectorStep(collector)] as const),
    ...sources.map((source) => [`source-${source.id}`, getBilledLines(source)] as const),
    ['consolidate', consolidateStep(known)],
    ['reconcile', reconcileStep(known)],
    ['create-csv', createCsv],
    ...psas.map((psa) => [`psa-${psa.id}`, psaStep(psa)] as const),
    ['send-email-with-attachment', sendEmailWithAttachment],
    ['build-automation-log', buildAutomationLog],
  ]);
}
