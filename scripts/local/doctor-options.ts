import { SHARED_HELP, STACK } from '../aws/options.ts';
import { address, integrationIds, parse, usage } from './options.ts';

export const DOCTOR_HELP = `Usage: npm run doctor -- --config DIR [options]
       npm run doctor -- --aws [--stack NAME] [options]

Checks whether a report can be made with these credentials: for every installed integration, the PSA, the sources of billed lines and the
mail services, whether the secret is there and well-formed, whether the system accepts it, whether it has each right that the count
needs, and when it expires. Prints one line for each, failures first, with the place at the vendor where a right is granted.
Sends only reads, as few as possible.

  --config DIR        report.json, organizations.json and secrets/ (required without --aws)
  --aws               check an installation in AWS: each of its functions with its own role and secret
  --only id,id        check these integrations only
  --sandbox URL       send every request to this address instead of the vendors; the Host header names the vendor
  --quiet             no progress
${SHARED_HELP}

Exit code: 0 nothing is missing, 1 something is, 2 bad usage or configuration.`;

export type LocalDoctorOptions = { config: string; only?: string[]; sandbox?: URL; quiet: boolean };
export type AwsDoctorOptions = { stack: string; only?: string[]; quiet: boolean };

/** Reads the command line of `doctor`. Errors: `ConfigurationError`. */
export function readDoctorOptions(args: readonly string[]): LocalDoctorOptions | AwsDoctorOptions | 'help' {
  const values = parse(args, {
    config: { type: 'string' },
    aws: { type: 'boolean', default: false },
    stack: { type: 'string' },
    only: { type: 'string' },
    sandbox: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return 'help';
  const { aws, config, stack, sandbox, quiet } = values;
  const shared = { quiet, ...(values.only === undefined ? {} : { only: integrationIds(values.only) }) };
  if (aws) {
    const [[idle] = []] = Object.entries({ config, sandbox }).filter(([, value]) => value !== undefined);
    if (idle !== undefined) throw usage(`--aws checks what is in AWS; leave --${idle} out`);
    return { ...shared, stack: stack ?? STACK };
  }
  if (stack !== undefined) throw usage('--stack: expected --aws with it');
  if (config === undefined) throw usage('--config: expected the directory that holds report.json, or --aws');
  return { ...shared, config, ...(sandbox === undefined ? {} : { sandbox: address(sandbox) }) };
}
