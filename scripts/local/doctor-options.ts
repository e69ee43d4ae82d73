import { address, integrationIds, parse, usage } from './options.ts';

export const DOCTOR_HELP = `Usage: npm run doctor -- --config DIR [options]

Looks whether a report can be made with these credentials: for every installed integration, the PSA and the sources of billed lines,
whether the secret is there and well-formed, whether the system takes it, whether each right is granted that the count needs, and when
the credentials end. One line each, what fails first, with the place at the vendor where it is granted. Only reads are sent, as few as
can be.

  --config DIR        report.json, organizations.json and secrets/ (required)
  --only id,id        look at these integrations alone
  --sandbox URL       send every request to this address instead of the vendors, told apart by the Host header
  --quiet             no progress
  --help              this text

Exit code: 0 nothing is missing, 1 something is, 2 bad usage or configuration.`;

export type DoctorOptions = { config: string; only?: string[]; sandbox?: URL; quiet: boolean };

/** Reads the command line of `doctor`. Errors: `ConfigurationError`. */
export function readDoctorOptions(args: readonly string[]): DoctorOptions | 'help' {
  const { help, config, only, sandbox, quiet } = parse(args, {
    config: { type: 'string' },
    only: { type: 'string' },
    sandbox: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (help) return 'help';
  if (config === undefined) throw usage('--config: expected the directory that holds report.json');
  return {
    config,
    ...(only === undefined ? {} : { only: integrationIds(only) }),
    ...(sandbox === undefined ? {} : { sandbox: address(sandbox) }),
    quiet,
  };
}
