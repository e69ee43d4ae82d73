import { S3Client } from '@aws-sdk/client-s3';
import { SESClient } from '@aws-sdk/client-ses';
import type { SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { Examined, type Finding } from '../../lambdas/doctor/finding.ts';
import { mailBy, mailFindings } from '../../lambdas/doctor/mail-look.ts';
import type { Use } from '../../lambdas/doctor/uses.ts';
import { nameOf, statusOf } from '../../lambdas/platform/aws-fault.ts';
import { readiness } from '../../lambdas/platform/aws-mail.ts';
import { bucketObjects } from '../../lambdas/platform/aws-objects.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { messageOf } from '../../lambdas/report/errors.ts';
import { quantity } from '../../lambdas/report/quantity.ts';
import { caughtError } from '../../lambdas/run/caught-error.ts';
import { runIdAt } from '../../lambdas/run/keys.ts';
import { type DoctorStreams, lookAtAll, tell } from '../local/doctor.ts';
import type { AwsDoctorOptions } from '../local/doctor-options.ts';
import { runSync, syncClient } from './execution.ts';
import { findInstallation } from './installation.ts';

/**
 * Checks an installation: the configuration in its bucket lists what a run would call, and each function checks it with
 * its own role and secret. Returns the exit code. Errors: as `lookAtAll`; `ConfigurationError` without such a stack.
 */
export async function doctorOnAws({ stack, only }: AwsDoctorOptions, streams: DoctorStreams): Promise<number> {
  const { region, bucket, express } = await findInstallation(stack);
  const objects = bucketObjects(new S3Client({ region }), bucket);
  const findings = await lookAtAll(only, await loadRegistry(), objects, {
    look: (uses) => {
      streams.progress(`${quantity(uses.length, 'check')} by the functions of ${stack} in ${region}`);
      return askFunctions(syncClient(region), express, uses);
    },
    ownMail: (from) => lookAtSes(new SESClient({ region }), from),
  });
  const code = tell(findings, streams);
  streams.progress('After you fix secrets/ or report.json, run npm run push');
  return code;
}

const Answers = z.array(z.union([Examined, z.strictObject({ error: z.string(), cause: z.string() })]));

/**
 * Starts the Express state machine, which calls each function; so the right to start a run is enough, without a right
 * on functions.
 * Errors: those of Step Functions.
 */
export async function askFunctions(client: SFNClient, machine: string, uses: readonly Use[]): Promise<Examined[]> {
  const check = uses.map((use) => ({ function: use.function, check: use.check }));
  const name = `doctor-${runIdAt(Date.now())}`;
  const { execution } = await runSync(client, machine, name, { check }, 'check fewer at once with --only');
  if (execution.status === 'failed') throw new Error(`the check ended with ${execution.error}: ${execution.cause}`);
  const answers = z.parse(Answers, execution.output);
  return uses.map((use, index) => {
    const answer = answers[index] ?? { error: 'States.Runtime', cause: 'no answer came' };
    return 'error' in answer ? { findings: [unanswered(use, answer)], skews: [] } : answer;
  });
}

const unanswered = ({ label, function: name }: Use, { error, cause }: { error: string; cause: string }): Finding => ({
  verdict: 'FAIL',
  subject: label,
  sentence: `its function ${name} cannot check: ${caughtError(error, cause).message}`,
});

/**
 * Checked with the caller's rights: the function that sends is only allowed to send. Whether its role allows this
 * sender is only seen with the first mail.
 */
export async function lookAtSes(client: Pick<SESClient, 'send'>, from: string): Promise<Finding[]> {
  const subject = mailBy('SES');
  try {
    return await mailFindings(subject, () => readiness(client, from));
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    const sentence = `not checked: AWS does not let you read SES (${nameOf(error)}: ${messageOf(error)})`;
    return [{ verdict: 'note', subject, sentence }];
  }
}
