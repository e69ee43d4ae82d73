import { command, EXIT } from './local/command.ts';
import { startDemo } from './local/demo.ts';
import { readStartOptions, START_HELP } from './local/options.ts';
import { runReport } from './local/run.ts';

await command(async () => {
  const options = readStartOptions(process.argv.slice(2), Date.now());
  if (options === 'help') {
    process.stdout.write(`${START_HELP}\n`);
    return EXIT.done;
  }
  const demo = await startDemo(options);
  try {
    return await runReport({ ...options, config: demo.config, sandbox: demo.url });
  } finally {
    await demo.stop();
  }
});
