import { SHARED_HELP, STACK } from '../aws/options.ts';
import { address, integrationIds, parse, usage } from './options.ts';

export const DOCTOR_HELP = `Usage: npm run doctor -- --config DIR [options]
       npm run doctor -- --aws [--stack NAME] [options]

Looks whether a report can be made with these credentials: for every installed integration, the PSA, the sources of billed lines and the
services that mail leaves by, whether the secret is there and well-formed, whether the system takes it, whether each right is granted
that the count needs, and when the credentials end. One line each, what fails first, with the place at the vendor where it is granted.
Only reads are sent, as few as can be.

  --config DIR        report.json, organizations.json and secrets/ (required without --aws)
  --aws               look at an installation in AWS: each of its functions with its own role and secret
  --only id,id        look at these integrations alone
  --sandbox URL       send every request to this address instead of the vendors, told apart by the Host header
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
    if (idle !== undefined) throw usage(`--aws looks at what lies in AWS; leave --${idle} out`);
    return { ...shared, stack: stack ?? STACK };
  }
  if (stack !== undefined) throw usage('--stack: expected --aws with it');
  if (config === undefined) throw usage('--config: expected the directory that holds report.json, or --aws');
  return { ...shared, config, ...(sandbox === undefined ? {} : { sandbox: address(sandbox) }) };
}
