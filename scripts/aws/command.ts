import { nameOf, statusOf } from '../../lambdas/platform/aws-fault.ts';
import { command, EXIT } from '../local/command.ts';

/** Runs a command that talks to AWS; a refusal by AWS is shown as one line, not as a stack trace. */
export function awsCommand(run: () => Promise<number>): Promise<void> {
  return command(async () => {
    try {
      return await run();
    } catch (error) {
      if (
        !(error instanceof Error) ||
        (statusOf(error) === undefined && nameOf(error) !== 'CredentialsProviderError')
      ) {
        throw error;
      }
      process.stderr.write(`AWS refused: ${nameOf(error)}: ${error.message}\n`);
      return EXIT.notDone;
    }
  });
}
