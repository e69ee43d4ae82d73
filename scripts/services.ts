import { directoryPlatform } from '../lambdas/platform/directory.ts';
import { jsonText } from '../lambdas/platform/json-text.ts';
import { loadRegistry } from '../lambdas/registry.ts';
import { isReportError } from '../lambdas/report/errors.ts';
import { directTransport } from '../lambdas/wire/transport.ts';
import { command, EXIT } from './local/command.ts';
import { sandboxTransport } from './local/sandbox-transport.ts';
import { proposeServices } from './local/services.ts';
import { readServicesOptions, SERVICES_HELP } from './local/services-options.ts';

await command(async () => {
  const options = readServicesOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${SERVICES_HELP}\n`);
    return EXIT.done;
  }
  const { config, out, sandbox, quiet } = options;
  const transport = sandbox === undefined ? directTransport : sandboxTransport(sandbox);
  try {
    const platform = directoryPlatform({ config, out, transport });
    const { billing, remarks } = await proposeServices(options, await loadRegistry(), platform);
    process.stdout.write(jsonText(billing));
    if (!quiet) process.stderr.write(`${remarks.join('\n')}\n`);
    return EXIT.done;
  } catch (error) {
    if (!isReportError(error) || error.name === 'ConfigurationError') throw error;
    process.stderr.write(`${error.name}: ${error.message}\n`);
    return EXIT.notDone;
  }
});
