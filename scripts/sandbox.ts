import { command, EXIT } from './local/command.ts';
import { startDemo } from './local/demo.ts';
import { readSandboxOptions, SANDBOX_HELP } from './local/options.ts';

await command(async () => {
  const options = readSandboxOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${SANDBOX_HELP}\n`);
    return EXIT.done;
  }
  const demo = await startDemo(options);
  process.stdout.write(
    `The sandbox answers at ${demo.url.origin} until you stop it (Ctrl-C).\n` +
      `A matching configuration: ${demo.config}\n` +
      `Try: npm run report -- --config ${demo.config} --sandbox ${demo.url.origin}\n`,
  );
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.resolve());
  await stopped.promise;
  await demo.stop();
  return EXIT.done;
});
