import { directoryPlatform } from '../lambdas/platform/directory.ts';
import { jsonText } from '../lambdas/platform/json-text.ts';
import { loadRegistry } from '../lambdas/registry.ts';
import { command, EXIT } from './local/command.ts';
import { transportTo } from './local/sandbox-transport.ts';
import { proposeServices } from './local/services.ts';
import { readServicesOptions, SERVICES_HELP } from './local/services-options.ts';

await command(async () => {
  const options = readServicesOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${SERVICES_HELP}\n`);
    return EXIT.done;
  }
  const { config, out, sandbox, quiet } = options;
  const platform = directoryPlatform({ config, out, transport: transportTo(sandbox) });
  const { billing, remarks } = await proposeServices(options, await loadRegistry(), platform);
  process.stdout.write(jsonText(billing));
  if (!quiet) process.stderr.write(`${remarks.join('\n')}\n`);
  return EXIT.done;
});
