import type { Step } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import type { Known } from '../../lambdas/run/known.ts';
import { buildAutomationLog } from '../../lambdas/steps/build-automation-log.ts';
import { checkRunningOrg } from '../../lambdas/steps/check-running-org.ts';
import { consolidateStep } from '../../lambdas/steps/consolidate.ts';
import { createCsv } from '../../lambdas/steps/create-csv.ts';
import { collectorStep } from '../../lambdas/steps/get-counts.ts';
import { getIntegrationIds } from '../../lambdas/steps/get-integration-ids.ts';
import { psaStep } from '../../lambdas/steps/psa-ticket.ts';
import { sendEmailWithAttachment } from '../../lambdas/steps/send-email-with-attachment.ts';

/** Every step by the name of its function, as the definition calls it. */
export function stepsOf({ collectors, psas }: Registry): ReadonlyMap<string, Step> {
  const known: Known = { collectors, psas: psas.map(({ id }) => id) };
  return new Map<string, Step>([
    ['check-running-org', checkRunningOrg(known)],
    ['get-integration-ids', getIntegrationIds(known)],
    ...collectors.map((collector) => [`collector-${collector.id}`, collectorStep(collector)] as const),
    ['consolidate', consolidateStep(known)],
    ['create-csv', createCsv],
    ...psas.map((psa) => [`psa-${psa.id}`, psaStep(psa)] as const),
    ['send-email-with-attachment', sendEmailWithAttachment],
    ['build-automation-log', buildAutomationLog],
  ]);
}
