import { address, parse, runId, usage } from './options.ts';

export const MAP_HELP = `Usage: npm run map -- --config DIR [options]

Suggests a company for each vendor customer that is not mapped yet, one line per customer: certain, likely or unclear, the
integration, the customer, the company and the evidence. At a terminal it asks about them, the largest first; leave with Ctrl-C
whenever you like, nothing confirmed is lost. A similar name alone never makes a link.

  --config DIR        report.json and organizations.json; answers are kept there in map-answers.jsonl (required)
  --accept certain    asks nothing and writes organizations-new.json with the certain links
  --run-id ID         the run whose counts are read (default: the last one)
  --out DIR           where the files of runs are (default: out)
  --fresh             counts again first, without delivering, and reads the companies of the PSA
  --sandbox URL       send every request to this address instead of the vendors; the Host header names the vendor
  --quiet             no progress and no remarks
  --help              this text

organizations.json itself is never changed: review organizations-new.json, then replace organizations.json with it.

Exit code: 0 done, 1 counting again failed, 2 bad usage or configuration.`;

export type MapOptions = {
  config: string;
  out: string;
  runId?: string;
  accept: boolean;
  fresh: boolean;
  sandbox?: URL;
  quiet: boolean;
};

/** Reads the command line of `map`. Errors: `ConfigurationError`. */
export function readMapOptions(args: readonly string[]): MapOptions | 'help' {
  const values = parse(args, {
    config: { type: 'string' },
    out: { type: 'string', default: 'out' },
    'run-id': { type: 'string' },
    accept: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    sandbox: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  const { config, out, accept, fresh, sandbox, quiet } = values;
  if (values.help) return 'help';
  if (config === undefined) throw usage('--config: expected the directory that holds report.json');
  if (accept !== undefined && accept !== 'certain') {
    throw usage(`--accept: expected certain, because a person must confirm everything else; found "${accept}"`);
  }
  if (fresh && values['run-id'] !== undefined) throw usage('--fresh makes a new run; leave --run-id out');
  return {
    config,
    out,
    ...(values['run-id'] === undefined ? {} : { runId: runId(values['run-id']) }),
    accept: accept === 'certain',
    fresh,
    ...(sandbox === undefined ? {} : { sandbox: address(sandbox) }),
    quiet,
  };
}
