import { awsCommand } from './aws/command.ts';
import { PULL_HELP, readPullOptions } from './aws/options.ts';
import { pull } from './aws/pull.ts';
import { EXIT } from './local/command.ts';

await awsCommand(async () => {
  const options = readPullOptions(process.argv.slice(2));
  if (options !== 'help') return pull(options);
  process.stdout.write(`${PULL_HELP}\n`);
  return EXIT.done;
});
