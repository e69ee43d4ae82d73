import type { ParseArgsOptionsConfig } from 'node:util';
import { MECHANISMS } from '../../lambdas/configuration/delivery.ts';
import { runIdAt } from '../../lambdas/run/keys.ts';
import { integrationIds, parse, runId, usage } from '../local/options.ts';

/** The default name of a stack. */
export const STACK = 'BillingCountReport';

/** Options of all commands that talk to an installation in AWS. */
const SHARED = {
  stack: { type: 'string', default: STACK },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsOptionsConfig;

export const SHARED_HELP = `  --stack NAME        the CloudFormation stack (default: ${STACK})
  --help              this text

Account and region are those of your AWS credentials: AWS_PROFILE, AWS_REGION.`;

export const PUSH_HELP = `Usage: npm run push -- --config DIR [options]

Checks a configuration and uploads it to AWS: report.json and organizations.json to the report bucket, each secret to Secrets
Manager. What has not changed since the last push is left alone.

  --config DIR        report.json, organizations.json and secrets/ (required)
  --dry-run           show what would change, and change nothing
${SHARED_HELP}

Exit code: 0 done, 1 AWS refused something, 2 bad usage or configuration (nothing was changed).`;

export const PULL_HELP = `Usage: npm run pull -- [options]

Fetches the files of a run from the report bucket.

  --run-id ID         the run (default: the latest)
  --out DIR           where they go, in a folder for the run (default: out)
${SHARED_HELP}

Exit code: 0 done, 1 AWS refused something, 2 bad usage, or there is no such run.`;

export const INVOKE_HELP = `Usage: npm run invoke -- [options]

Starts a run in AWS and shows its progress and result. Interrupting this command does not stop the run.

  --run-id ID         name of the run: letters, digits, "-", "_" (default: the UTC time)
  --repeat            run again under the id of an earlier run: delivers what that run made and collects nothing twice
  --only id,id        collect from these integrations only
  --since RUN-ID      compare with that run instead of the last delivered one
  --deliver HOW       psa, email, return or none; overrides report.json
  --organization ID   the organization to run for (default: the managing organization)
  --sync              call the Express state machine and wait; the run must finish within 5 minutes
  --quiet             no progress
  --json              print the whole output instead of the summary
${SHARED_HELP}

Exit code: 0 made and delivered, 1 not made or not delivered, 2 bad usage or configuration.`;

export type PushOptions = { config: string; dryRun: boolean; stack: string };
export type PullOptions = { runId?: string; out: string; stack: string };
export type InvokeOptions = {
  runId: string;
  repeat: boolean;
  /** Input of the execution. */
  input: { runId: string; organization?: string; deliver?: string; only?: string[]; since?: string };
  sync: boolean;
  quiet: boolean;
  json: boolean;
  stack: string;
};

/** Reads the command line of `push`; `help` if that was asked for. Errors: `ConfigurationError`. */
export function readPushOptions(args: readonly string[]): PushOptions | 'help' {
  const values = parse(args, {
    ...SHARED,
    config: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  });
  if (values.help) return 'help';
  if (values.config === undefined) throw usage('--config: expected the directory that holds report.json');
  return { config: values.config, dryRun: values['dry-run'], stack: values.stack };
}

/** Reads the command line of `pull`. */
export function readPullOptions(args: readonly string[]): PullOptions | 'help' {
  const values = parse(args, { ...SHARED, 'run-id': { type: 'string' }, out: { type: 'string', default: 'out' } });
  if (values.help) return 'help';
  const { out, stack } = values;
  return { out, stack, ...(values['run-id'] === undefined ? {} : { runId: runId(values['run-id']) }) };
}

/** Reads the command line of `invoke`; `now` in milliseconds since the epoch is the default name of a run. */
export function readInvokeOptions(args: readonly string[], now: number): InvokeOptions | 'help' {
  const values = parse(args, {
    ...SHARED,
    'run-id': { type: 'string' },
    repeat: { type: 'boolean', default: false },
    only: { type: 'string' },
    since: { type: 'string' },
    deliver: { type: 'string' },
    organization: { type: 'string' },
    sync: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  if (values.help) return 'help';
  const { repeat, deliver, organization, sync, quiet, json, stack } = values;
  if (repeat && values['run-id'] === undefined) throw usage('--repeat: expected --run-id with the run to repeat');
  if (deliver !== undefined && !MECHANISMS.some((mechanism) => mechanism === deliver)) {
    throw usage(`--deliver: expected one of ${MECHANISMS.join(', ')}, found "${deliver}"`);
  }
  const id = runId(values['run-id'] ?? runIdAt(now));
  return {
    runId: id,
    repeat,
    input: {
      runId: id,
      ...(organization === undefined ? {} : { organization }),
      ...(deliver === undefined ? {} : { deliver }),
      ...(values.only === undefined ? {} : { only: integrationIds(values.only) }),
      ...(values.since === undefined ? {} : { since: runId(values.since, '--since') }),
    },
    sync,
    quiet,
    json,
    stack,
  };
}
