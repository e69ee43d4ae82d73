import { EXIT } from './command.ts';
import { startDemo } from './demo.ts';
import { readStartOptions, START_HELP } from './options.ts';
import { runReport } from './run.ts';

/** `npm start` with these arguments: serves the demo, makes its report and stops serving. Returns the exit code. */
export async function start(args: readonly string[]): Promise<number> {
  const options = readStartOptions(args, Date.now());
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
}
