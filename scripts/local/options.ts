import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { messageOf, ReportError } from '../../lambdas/report/errors.ts';
import { isSafeId, runIdAt } from '../../lambdas/run/keys.ts';

/** The options of `npm run report`. */
export type ReportOptions = {
  config: string;
  out: string;
  runId: string;
  only?: string[];
  /** The run to compare with. */
  since?: string;
  deliver?: string;
  organization?: string;
  sandbox?: URL;
  quiet: boolean;
  json: boolean;
};

/** Options that `report` and `start` share. */
const SHARED = {
  out: { type: 'string', default: 'out' },
  'run-id': { type: 'string' },
  only: { type: 'string' },
  since: { type: 'string' },
  deliver: { type: 'string' },
  organization: { type: 'string' },
  quiet: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsOptionsConfig;

const SHARED_HELP = `  --out DIR           where the files of the run go, in a folder for the run (default: out)
  --run-id ID         name of the run: letters, digits, "-", "_" (default: the UTC time). A repeated id delivers what that run made
  --only id,id        collect from these integrations only
  --since RUN-ID      compare with that run instead of the last delivered one
  --deliver HOW       psa, email, return or none; overrides report.json
  --organization ID   the organization to run for (default: the managing organization)
  --quiet             no progress
  --json              print the whole output instead of the summary
  --help              this text`;

export const REPORT_HELP = `Usage: npm run report -- --config DIR [options]

Makes the billing count report with your own configuration and credentials, from this machine.

  --config DIR        report.json, organizations.json and secrets/ (required)
  --sandbox URL       send every request to this address instead of the vendors; the Host header names the vendor
${SHARED_HELP}

Exit code: 0 made and delivered, 1 not made or not delivered, 2 bad usage or configuration.`;

export const START_HELP = `Usage: npm start -- [options]

Makes the report of the built-in demo MSP against the built-in vendor sandbox. No account, no credentials.

  --break INTEGRATION this vendor refuses its credentials: see what that does to the report
  --psa INTEGRATION   deliver to this PSA and compare with its agreements (default: connectwise-psa)
  --month next        the demo a month later, with the same agreements: see what changed since the last report, and what was not billed
${SHARED_HELP}

Exit code: 0 made and delivered, 1 not made or not delivered, 2 bad usage.`;

export const SANDBOX_HELP = `Usage: npm run sandbox -- [options]

Serves the built-in vendor sandbox on 127.0.0.1 until stopped.

  --port N            the port (default: a free one)
  --out DIR           writes a matching configuration to DIR/demo-config (default: out)
  --help              this text`;

/** The demo has its own configuration and sandbox. */
export type StartOptions = Omit<ReportOptions, 'config' | 'sandbox'> & { broken?: string; psa?: string; month: Month };

/** The month of the demo; both use this machine's clock. */
export type Month = 'first' | 'next';

/** Reads the command line of `report`; `help` if that was asked for. Errors: `ConfigurationError`. */
export function readReportOptions(args: readonly string[], now: number): ReportOptions | 'help' {
  const values = parse(args, { ...SHARED, config: { type: 'string' }, sandbox: { type: 'string' } });
  if (values.help) return 'help';
  if (values.config === undefined) throw usage('--config: expected the directory that holds report.json');
  return {
    ...shared(values, now),
    config: values.config,
    ...(values.sandbox === undefined ? {} : { sandbox: address(values.sandbox) }),
  };
}

/** Reads the command line of `start`. Errors: `ConfigurationError`. */
export function readStartOptions(args: readonly string[], now: number): StartOptions | 'help' {
  const values = parse(args, {
    ...SHARED,
    break: { type: 'string' },
    psa: { type: 'string' },
    month: { type: 'string' },
  });
  if (values.help) return 'help';
  if (values.month !== undefined && values.month !== 'next')
    throw usage(`--month: expected next, found "${values.month}"`);
  return {
    ...shared(values, now),
    ...(values.break === undefined ? {} : { broken: values.break }),
    ...(values.psa === undefined ? {} : { psa: values.psa }),
    month: values.month ?? 'first',
  };
}

/** Reads the command line of `sandbox`. Port 0 is a free one. */
export function readSandboxOptions(args: readonly string[]): { port: number; out: string } | 'help' {
  const values = parse(args, {
    port: { type: 'string', default: '0' },
    out: SHARED.out,
    help: SHARED.help,
  });
  if (values.help) return 'help';
  if (!/^\d{1,5}$/u.test(values.port) || Number(values.port) > 65_535) {
    throw usage(`--port: expected a number from 0 to 65535, found "${values.port}"`);
  }
  return { port: Number(values.port), out: values.out };
}

/** Reads a command line that has only options. Errors: `ConfigurationError`. */
export function parse<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw usage(messageOf(error));
  }
}

type SharedValues = {
  out: string;
  'run-id'?: string;
  only?: string;
  since?: string;
  deliver?: string;
  organization?: string;
  quiet: boolean;
  json: boolean;
};

function shared(values: SharedValues, now: number) {
  return {
    out: values.out,
    runId: runId(values['run-id'] ?? runIdAt(now)),
    ...(values.only === undefined ? {} : { only: integrationIds(values.only) }),
    ...(values.since === undefined ? {} : { since: runId(values.since, '--since') }),
    ...(values.deliver === undefined ? {} : { deliver: values.deliver }),
    ...(values.organization === undefined ? {} : { organization: values.organization }),
    quiet: values.quiet,
    json: values.json,
  };
}

/** The ids of `--only`. Errors: `ConfigurationError` for an empty one. */
export function integrationIds(text: string): string[] {
  const ids = text.split(',').map((id) => id.trim());
  if (!ids.includes('')) return ids;
  throw usage('--only: expected integration ids separated by commas');
}

/** The unchanged id of a run. Errors: `ConfigurationError` for one that is not a safe folder name everywhere. */
export function runId(id: string, option: '--run-id' | '--since' = '--run-id'): string {
  if (isSafeId(id)) return id;
  throw usage(`${option}: expected 1 to 80 letters, digits, "-" or "_", found "${id}"`);
}

export function address(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw usage(`--sandbox: expected an address such as http://127.0.0.1:8080, found "${text}"`);
}

export const usage = (message: string): ReportError => new ReportError('ConfigurationError', `${message} (see --help)`);
