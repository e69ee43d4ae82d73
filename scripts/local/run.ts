import { join } from 'node:path';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { jsonText } from '../../lambdas/platform/json-text.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { reportDataOf } from '../../lambdas/run/report-data.ts';
import { readHead } from '../../lambdas/run/report-file.ts';
import { briefOf } from '../../lambdas/views/brief.ts';
import { systemClock } from '../../lambdas/wire/clock.ts';
import { loadDefinition } from '../../statemachine/definition.ts';
import { billedRemarks } from './billed-sides.ts';
import { EXIT } from './command.ts';
import { displayOn } from './display.ts';
import { type Execution, execute } from './engine.ts';
import type { ReportOptions } from './options.ts';
import { preflight } from './preflight.ts';
import { RunProgress } from './progress.ts';
import { transportTo } from './sandbox-transport.ts';
import { stepsOf } from './steps.ts';
import { paperOn, readResult, summaryText } from './summary.ts';

/**
 * Makes and delivers one report on this machine: progress to stderr, the result to stdout. Returns the exit code.
 * Errors: `ConfigurationError` for what is wrong before it begins.
 */
export async function runReport(options: ReportOptions): Promise<number> {
  const { config, out, runId, sandbox } = options;
  const registry = await loadRegistry();
  const integrations = [...registry.collectors, ...registry.psas];
  const { now } = systemClock;
  const progress = new RunProgress(new Map(integrations.map(({ id, name }) => [id, name])), now);
  const platform = directoryPlatform({
    config,
    out,
    transport: transportTo(sandbox),
    ...(sandbox === undefined ? {} : { connect: noMailServer }),
    progress: (event) => progress.onProgress(event),
  });
  const remarks = [...(await preflight(options, registry, platform)), ...(await billedRemarks(registry, platform))];
  for (const remark of remarks) process.stderr.write(`${remark}\n`);

  const display = displayOn(process.stderr, progress, now, options.quiet);
  // A refused run does not touch the files of an earlier one with its id, so its result is taken from the run, not from
  // the folder.
  let result: unknown;
  const execution = await execute({
    definition: loadDefinition(),
    steps: stepsOf(registry),
    platform,
    name: runId,
    input: inputOf(options),
    onEvent: (event) => {
      if (event.type === 'StateExited' && event.state.name === 'BuildAutomationLog') result = event.state.output;
      display.changed(progress.entered(event));
    },
  }).finally(() => display.end());

  if (options.json) process.stdout.write(jsonText(result ?? execution));
  else process.stdout.write(await summaryOf(execution, result, options, platform, progress));
  return exitCodeOf(execution);
}

async function summaryOf(
  execution: Execution,
  result: unknown,
  { out, runId }: ReportOptions,
  { objects }: Platform,
  progress: RunProgress,
): Promise<string> {
  const shown = readResult(result);
  const report = shown.report?.json == null ? undefined : await readHead(objects, runId);
  const made = report === undefined ? {} : { made: { report, brief: briefOf(await reportDataOf(objects, report)) } };
  const folder = join(out, runId);
  const keptMail = join(folder, 'email.eml');
  const times = progress.times();
  return summaryText({ execution, ...made, shown, folder, keptMail, times }, paperOn(process.stdout));
}

/** The sandbox has no mail server, and a report about imaginary customers must not reach anybody. */
const noMailServer = () => Promise.reject(new Error('a run with --sandbox connects to no mail server'));

function inputOf({ runId, organization, deliver, only, since }: ReportOptions) {
  return {
    runId,
    ...(organization === undefined ? {} : { organization }),
    ...(deliver === undefined ? {} : { deliver }),
    ...(only === undefined ? {} : { only }),
    ...(since === undefined ? {} : { since }),
  };
}

/** Before anything was collected, a wrong configuration is bad usage; later, it is a report that was not made. */
export function exitCodeOf(execution: Execution): number {
  if (execution.status === 'succeeded') return EXIT.done;
  const early = execution.failedIn.some((state) => state === 'CheckRunningOrg' || state === 'GetIntegrationIds');
  return early && execution.error === 'ConfigurationError' ? EXIT.badUsage : EXIT.notDone;
}
