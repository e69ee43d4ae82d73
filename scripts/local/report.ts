import { EXIT } from './command.ts';
import { REPORT_HELP, readReportOptions } from './options.ts';
import { runReport } from './run.ts';

/** `npm run report` with these arguments. Returns the exit code. */
export async function report(args: readonly string[]): Promise<number> {
  const options = readReportOptions(args, Date.now());
  if (options !== 'help') return runReport(options);
  process.stdout.write(`${REPORT_HELP}\n`);
  return EXIT.done;
}
