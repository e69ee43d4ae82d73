import { command, EXIT } from './local/command.ts';
import { REPORT_HELP, readReportOptions } from './local/options.ts';
import { runReport } from './local/run.ts';

await command(async () => {
  const options = readReportOptions(process.argv.slice(2), Date.now());
  if (options !== 'help') return runReport(options);
  process.stdout.write(`${REPORT_HELP}\n`);
  return EXIT.done;
});
