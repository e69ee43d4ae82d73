import { directoryPlatform } from '../lambdas/platform/directory.ts';
import { loadRegistry } from '../lambdas/registry.ts';
import { directTransport } from '../lambdas/wire/transport.ts';
import { command, EXIT } from './local/command.ts';
import { runDoctor } from './local/doctor.ts';
import { DOCTOR_HELP, readDoctorOptions } from './local/doctor-options.ts';
import { sandboxTransport } from './local/sandbox-transport.ts';

await command(async () => {
  const options = readDoctorOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${DOCTOR_HELP}\n`);
    return EXIT.done;
  }
  const { config, sandbox, quiet } = options;
  const transport = sandbox === undefined ? directTransport : sandboxTransport(sandbox);
  return runDoctor(options, await loadRegistry(), directoryPlatform({ config, out: 'out', transport }), {
    result: (line) => process.stdout.write(`${line}\n`),
    progress: (line) => {
      if (!quiet) process.stderr.write(`${line}\n`);
    },
  });
});
