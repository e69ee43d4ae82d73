import { awsCommand } from './aws/command.ts';
import { invoke } from './aws/invoke.ts';
import { INVOKE_HELP, readInvokeOptions } from './aws/options.ts';
import { EXIT } from './local/command.ts';

await awsCommand(async () => {
  const options = readInvokeOptions(process.argv.slice(2), Date.now());
  if (options !== 'help') return invoke(options);
  process.stdout.write(`${INVOKE_HELP}\n`);
  return EXIT.done;
});
