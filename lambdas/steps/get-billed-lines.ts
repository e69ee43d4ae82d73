import * as z from 'zod/mini';
import type { BilledSide } from '../billing/line.ts';
import { billedSubject } from '../doctor/billed-subject.ts';
import { BilledCheck } from '../doctor/check.ts';
import { checkable, lookingAt } from '../doctor/checkable.ts';
import { jsonLines } from '../platform/json-text.ts';
import type { Invocation, Platform, Step } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { readBilledSide } from '../run/billing-files.ts';
import { accountMark, readCheckpointFile, writeCheckpoint } from '../run/checkpoint-file.ts';
import { Run, readInput } from '../run/input.ts';
import { readJson } from '../run/json-file.ts';
import { runKeys } from '../run/keys.ts';
import { BilledPlan, PlannedIntegration } from '../run/plan.ts';
import { finishedAnswer, pausedAnswer, type ReadingAnswer } from '../run/reading-answer.ts';
import { redactedError } from '../run/redacted.ts';
import { openSession } from '../run/session.ts';
import { withSecret } from '../run/with-secret.ts';
import { BilledCheckpoint, readSide } from '../sources/reading/read-side.ts';
import type { Source } from '../sources/reading/source.ts';

const Input = z.strictObject({ run: Run, integration: PlannedIntegration });

/**
 * Reads what one PSA bills within one invocation, and leaves the lines or a checkpoint in the run's folder. What a run
 * has read once is not read again.
 * Errors: those of the request path, without secrets; `ConfigurationError` for settings and a missing secret.
 */
export default function getBilledLines(source: Source): Step {
  const name = `source-${source.id}`;
  const look = lookingAt<BilledCheck>((check, platform) => billedSubject(source, check, platform));
  return checkable(name, BilledCheck, look, async (value, platform, invocation): Promise<ReadingAnswer> => {
    const { run, integration } = readInput(Input, value, name);
    if (integration.id !== source.id) {
      throw new ReportError('ConfigurationError', `${source.name} was asked to read what ${integration.id} bills`);
    }
    const { objects } = platform;
    const keys = runKeys(run.runId);
    const made = await readBilledSide(objects, run.runId, source.id);
    if (made !== undefined) return finished(made, keys.billed(source.id));

    const plan = await readPlan(platform, run, source.id);
    const { reading, account } = await withSecret(platform.secrets, source, (secret) =>
      read(secret, plan, source, run, platform, invocation),
    );
    if (reading.outcome === 'paused') {
      const key = keys.billedCheckpoint(source.id);
      await writeCheckpoint(objects, key, account, reading.checkpoint);
      return pausedAnswer(key, reading.waitSeconds, reading.checkpoint.done.length);
    }
    const side: BilledSide = { source: source.id, label: source.id, asOf: run.asOf, ...reading.result };
    const isFirst = await objects.createOnce(keys.billed(source.id), jsonLines(side));
    await objects.remove(keys.billedCheckpoint(source.id));
    const kept = isFirst ? side : await readBilledSide(objects, run.runId, source.id);
    return finished(kept ?? side, keys.billed(source.id));
  });
}

const finished = (side: BilledSide, key: string): ReadingAnswer =>
  finishedAnswer(key, side.status === 'failed' ? { status: 'collected', customers: [] } : side);

async function read(
  secret: unknown,
  { configuration, options, period, mapped }: BilledPlan,
  source: Source,
  { runId }: Run,
  platform: Platform,
  invocation: Invocation,
): Promise<{ reading: Awaited<ReturnType<typeof readSide>>; account: string }> {
  const session = openSession(platform, invocation, source.id);
  session.redactor.hide(secret);
  const account = accountMark(secret, { configuration, options, period });
  const key = runKeys(runId).billedCheckpoint(source.id);
  const checkpoint = await readCheckpointFile(platform.objects, key, account, BilledCheckpoint);
  try {
    const open = source.open({ secret, configuration, options });
    const reading = await readSide({ name: source.name, label: source.id, open }, period, mapped, session, checkpoint);
    return { reading, account };
  } catch (error) {
    throw redactedError(error, session.redactor);
  }
}

async function readPlan({ objects }: Platform, { runId }: Run, source: string): Promise<BilledPlan> {
  const key = runKeys(runId).billedPlan(source);
  const plan = z.safeParse(BilledPlan, await readJson(objects, key));
  if (plan.success) return plan.data;
  throw new ReportError('ConfigurationError', `${objects.locate(key)} is missing or is not a plan; run again`);
}
