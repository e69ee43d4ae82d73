import { directoryPlatform } from '../lambdas/platform/directory.ts';
import { loadRegistry } from '../lambdas/registry.ts';
import { awsCommand } from './aws/command.ts';
import { doctorOnAws } from './aws/doctor.ts';
import { EXIT } from './local/command.ts';
import { runDoctor } from './local/doctor.ts';
import { DOCTOR_HELP, readDoctorOptions } from './local/doctor-options.ts';
import { transportTo } from './local/sandbox-transport.ts';

await awsCommand(async () => {
  const options = readDoctorOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${DOCTOR_HELP}\n`);
    return EXIT.done;
  }
  const streams = {
    result: (line: string) => process.stdout.write(`${line}\n`),
    progress: (line: string) => {
      if (!options.quiet) process.stderr.write(`${line}\n`);
    },
  };
  if ('stack' in options) return doctorOnAws(options, streams);
  const { config, sandbox } = options;
  const platform = directoryPlatform({ config, out: 'out', transport: transportTo(sandbox) });
  return runDoctor(options, await loadRegistry(), platform, streams);
});
