import { directoryPlatform } from '../lambdas/platform/directory.ts';
import { loadRegistry } from '../lambdas/registry.ts';
import { command, EXIT } from './local/command.ts';
import { mapCustomers } from './local/map.ts';
import { MAP_HELP, readMapOptions } from './local/map-options.ts';
import { transportTo } from './local/sandbox-transport.ts';

await command(async () => {
  const options = readMapOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${MAP_HELP}\n`);
    return EXIT.done;
  }
  const { config, out, sandbox } = options;
  const platform = directoryPlatform({ config, out, transport: transportTo(sandbox) });
  const { stdin, stdout, stderr } = process;
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true;
  const streams = { input: stdin, output: stdout, errors: stderr, isTerminal };
  return mapCustomers(options, await loadRegistry(), platform, streams);
});
