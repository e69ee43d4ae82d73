import { address, parse, runId, usage } from './options.ts';

export const SERVICES_HELP = `Usage: npm run --silent services -- --config DIR [options] > billing-new.json

Prints a first billing.json from the products of the PSA and the columns of a report. A service is made only where a product's code
or name exactly matches a column; everything else is listed under "unused", for you to join. The command writes no file.

  --config DIR        report.json and secrets/, and billing.json where there is one, whose source is kept (required)
  --run-id ID         the run whose columns are read (default: the last one)
  --out DIR           where the files of runs are (default: out)
  --sandbox URL       send every request to this address instead of the PSA; the Host header names the PSA
  --quiet             no remarks
  --help              this text

Exit code: 0 printed, 1 the PSA did not answer, 2 bad usage or configuration.`;

export type ServicesOptions = { config: string; out: string; runId?: string; sandbox?: URL; quiet: boolean };

/** Reads the command line of `services`. Errors: `ConfigurationError`. */
export function readServicesOptions(args: readonly string[]): ServicesOptions | 'help' {
  const values = parse(args, {
    config: { type: 'string' },
    'run-id': { type: 'string' },
    out: { type: 'string', default: 'out' },
    sandbox: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  const { config, out, sandbox, quiet } = values;
  if (values.help) return 'help';
  if (config === undefined) throw usage('--config: expected the directory that holds report.json');
  return {
    ...{ config, out, quiet },
    ...(values['run-id'] === undefined ? {} : { runId: runId(values['run-id']) }),
    ...(sandbox === undefined ? {} : { sandbox: address(sandbox) }),
  };
}
