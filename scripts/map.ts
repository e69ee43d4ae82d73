import { directoryPlatform } from '../lambdas/platform/directory.ts';
import { loadRegistry } from '../lambdas/registry.ts';
import { isReportError } from '../lambdas/report/errors.ts';
import { directTransport } from '../lambdas/wire/transport.ts';
import { command, EXIT } from './local/command.ts';
import { mapCustomers } from './local/map.ts';
import { MAP_HELP, readMapOptions } from './local/map-options.ts';
import { sandboxTransport } from './local/sandbox-transport.ts';

await command(async () => {
  const options = readMapOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${MAP_HELP}\n`);
    return EXIT.done;
  }
  const { config, out, sandbox } = options;
  const transport = sandbox === undefined ? directTransport : sandboxTransport(sandbox);
  const { stdin, stdout, stderr } = process;
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true;
  try {
    const streams = { input: stdin, output: stdout, errors: stderr, isTerminal };
    return await mapCustomers(options, await loadRegistry(), directoryPlatform({ config, out, transport }), streams);
  } catch (error) {
    if (!isReportError(error) || error.name === 'ConfigurationError') throw error;
    stderr.write(`${error.name}: ${error.message}\n`);
    return EXIT.notDone;
  }
});
