import { directoryPlatform } from '../lambdas/platform/directory.ts';
import { loadRegistry } from '../lambdas/registry.ts';
import { command, EXIT } from './local/command.ts';
import { converse } from './local/conversation.ts';
import { transportTo } from './local/sandbox-transport.ts';
import { readSetupOptions, SETUP_HELP, setUp } from './local/setup.ts';

await command(async () => {
  const options = readSetupOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${SETUP_HELP}\n`);
    return EXIT.done;
  }
  const { config, sandbox } = options;
  // Does not read or write any run.
  const platform = directoryPlatform({ config, out: 'out', transport: transportTo(sandbox) });
  const talk = converse(process.stdin, process.stderr);
  try {
    return await setUp(options, await loadRegistry(), platform, talk, (line) => process.stdout.write(`${line}\n`));
  } finally {
    talk.end();
  }
});
