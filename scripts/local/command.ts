import { isReportError } from '../../lambdas/report/errors.ts';

/** Exit codes of every command here. */
export const EXIT = { done: 0, notDone: 1, badUsage: 2 } as const;

/** Runs a command and sets the exit code; what is the user's to mend is a message without a stack. */
export async function command(run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!isReportError(error, 'ConfigurationError')) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT.badUsage;
  }
}
