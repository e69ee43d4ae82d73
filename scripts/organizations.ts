import { directoryPlatform } from '../lambdas/platform/directory.ts';
import { loadRegistry } from '../lambdas/registry.ts';
import { command, EXIT } from './local/command.ts';
import { firstOrganizations, ORGANIZATIONS_HELP, readOrganizationsOptions } from './local/organizations.ts';
import { transportTo } from './local/sandbox-transport.ts';

await command(async () => {
  const options = readOrganizationsOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${ORGANIZATIONS_HELP}\n`);
    return EXIT.done;
  }
  const { config, sandbox } = options;
  const platform = directoryPlatform({
    config,
    // Does not read or write any run.
    out: 'out',
    transport: transportTo(sandbox),
    progress: (event) => {
      if (event.kind === 'waiting') process.stderr.write(`waiting ${event.seconds} s (${event.reason})\n`);
    },
  });
  const { json, notes } = await firstOrganizations(await loadRegistry(), platform);
  process.stderr.write(`${notes.join('\n')}\n`);
  process.stdout.write(json);
  return EXIT.done;
});
