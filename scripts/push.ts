import { awsCommand } from './aws/command.ts';
import { PUSH_HELP, readPushOptions } from './aws/options.ts';
import { push } from './aws/push.ts';
import { EXIT } from './local/command.ts';

await awsCommand(async () => {
  const options = readPushOptions(process.argv.slice(2));
  if (options !== 'help') return push(options);
  process.stdout.write(`${PUSH_HELP}\n`);
  return EXIT.done;
});
