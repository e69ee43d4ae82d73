import { isReportError } from '../../lambdas/report/errors.ts';

/** Exit codes of every command here. */
export const EXIT = { done: 0, notDone: 1, badUsage: 2 } as const;

/** The command's exit code; an error that the user can fix is shown without a stack trace. */
export async function endOf(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!isReportError(error, 'ConfigurationError')) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.badUsage;
  }
}

/** Runs a command and sets the exit code. */
export async function command(run: () => Promise<number>): Promise<void> {
  process.exitCode = await endOf(run);
}
