import { isReportError } from '../../lambdas/report/errors.ts';

/** Exit codes of every command here. */
export const EXIT = { done: 0, notDone: 1, badUsage: 2 } as const;

/** The command's exit code; an error that is written for people is shown without a stack trace. */
export async function endOf(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!isReportError(error)) throw error;
    const isBadUsage = error.name === 'ConfigurationError';
    process.stderr.write(isBadUsage ? `${error.message}\n` : `${error.name}: ${error.message}\n`);
    return isBadUsage ? EXIT.badUsage : EXIT.notDone;
  }
}

/** Runs a command and sets the exit code. */
export async function command(run: () => Promise<number>): Promise<void> {
  process.exitCode = await endOf(run);
}
