import * as z from 'zod/mini';
import { mechanismOf } from '../configuration/report-json.ts';
import type { Platform, Step } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { type BegunRun, begunRun, earlierRun } from '../run/begun-run.ts';
import { readReportConfiguration } from '../run/configuration-files.ts';
import { type Run, readInput } from '../run/input.ts';
import { runIdOf, runKeys } from '../run/keys.ts';

/** The input of a run; usually empty. */
const Order = z.strictObject({
  runId: z.nullish(z.string()),
  organization: z.nullish(z.string()),
  deliver: z.nullish(z.string()),
  only: z.nullish(z.array(z.string())),
  since: z.nullish(z.string()),
  /** Set by a workflow that starts this one, for the console to link the two. */
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: z.optional(z.string()),
});

const Input = z.strictObject({
  input: z.nullish(Order),
  execution: z.strictObject({ name: z.string(), startedAt: z.string() }),
});

/**
 * Only the managing organization is allowed to run the report; another is refused before anything is written or any
 * vendor is called. The run's id is the one given or the execution's name; a run repeated under its id keeps its first
 * start time. A run of another organization is refused: two configurations can share a folder, and one must not deliver
 * the other's report, nor be compared with it.
 * Errors: `NotManagingOrganizationError`, `ConfigurationError`.
 */
export default function checkRunningOrg(known: {
  collectors: readonly { id: string }[];
  psas: readonly string[];
}): Step {
  return async (value, platform): Promise<Run> => {
    const { input, execution } = readInput(Input, value, 'check-running-org');
    const order = input ?? {};
    const configuration = await readReportConfiguration(platform.objects, known);
    const { managingOrganization, delivery } = configuration;
    const organization = order.organization ?? managingOrganization.id;
    if (organization !== managingOrganization.id) {
      throw new ReportError(
        'NotManagingOrganizationError',
        `the report was started for organization ${JSON.stringify(organization)}; only the managing organization ` +
          `${managingOrganization.name} (${managingOrganization.id}) may run it: start it there`,
      );
    }
    const mechanism = mechanismOf(configuration, order.deliver ?? undefined);
    const runId = runIdOf(order.runId, execution.name);
    const since = order.since ?? null;
    if (since !== null) await earlierRun(platform.objects, since, organization, 'since');
    const asOf = await firstMoment(platform, { runId, asOf: momentOf(execution.startedAt), organization });
    const psa = mechanism === 'psa' ? delivery.psa?.integration : undefined;
    const { timeZone = platform.timeZone, units } = configuration;
    return { runId, asOf, mechanism, psa: psa ?? null, only: order.only ?? null, since, timeZone, units };
  };
}

/** ISO 8601 in UTC, to the second. */
function momentOf(startedAt: string): string {
  const milliseconds = Date.parse(startedAt);
  if (Number.isNaN(milliseconds)) {
    throw new ReportError('ConfigurationError', `the execution's start ${JSON.stringify(startedAt)} is not a date`);
  }
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/u, 'Z');
}

async function firstMoment({ objects }: Platform, begun: BegunRun): Promise<string> {
  const { runId, asOf, organization } = begun;
  const key = runKeys(runId).run;
  if (await objects.createOnce(key, `${JSON.stringify(begun)}\n`)) return asOf;
  const kept = await begunRun(objects, runId);
  if (kept === undefined) {
    throw new ReportError(
      'ConfigurationError',
      `${objects.locate(key)} does not show when run ${runId} began and for which organization; remove that file or use another run id`,
    );
  }
  if (kept.organization !== organization) {
    throw new ReportError(
      'ConfigurationError',
      `run ${runId} belongs to ${JSON.stringify(kept.organization)} (${objects.locate(key)}), not to ` +
        `${JSON.stringify(organization)}; use another run id or another folder for its files`,
    );
  }
  return kept.asOf;
}
