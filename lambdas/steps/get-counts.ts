import * as z from 'zod/mini';
import { CollectionCheckpoint, collect } from '../counting/collect.ts';
import type { Collector } from '../counting/vendor.ts';
import { CountsCheck } from '../doctor/check.ts';
import { checkable, lookingAt } from '../doctor/checkable.ts';
import { countingSubject } from '../doctor/counting-subject.ts';
import { jsonLines } from '../platform/json-text.ts';
import type { Invocation, Platform, Step } from '../platform/platform.ts';
import type { Collection } from '../report/collection.ts';
import { ReportError } from '../report/errors.ts';
import { accountMark, readCheckpointFile, writeCheckpoint } from '../run/checkpoint-file.ts';
import { readCollection } from '../run/collection-file.ts';
import { credentialNotes } from '../run/credential-notes.ts';
import { openDetails } from '../run/details.ts';
import { readPast, writePast } from '../run/history.ts';
import { Run, readInput } from '../run/input.ts';
import { readJson } from '../run/json-file.ts';
import { keptSecret } from '../run/kept-secret.ts';
import { runKeys } from '../run/keys.ts';
import { misplacedSecrets, readMisplaced } from '../run/misplaced.ts';
import { Plan, PlannedIntegration } from '../run/plan.ts';
import { finishedAnswer, pausedAnswer, type ReadingAnswer } from '../run/reading-answer.ts';
import { redactedCollection, redactedError } from '../run/redacted.ts';
import { openSession } from '../run/session.ts';
import { withSecret } from '../run/with-secret.ts';

const Input = z.strictObject({ run: Run, integration: PlannedIntegration });

/**
 * Collects from one vendor within one invocation, and leaves a collection or a checkpoint in the run's folder. What a
 * run has collected once is not collected again.
 * Errors: those of the request path, without secrets; `ConfigurationError` for settings and a missing secret.
 */
export default function getCounts(collector: Collector): Step {
  const name = `collector-${collector.id}`;
  const look = lookingAt<CountsCheck>((check, platform) => countingSubject(collector, check, platform));
  return checkable(name, CountsCheck, look, async (value, platform, invocation): Promise<ReadingAnswer> => {
    const { run, integration } = readInput(Input, value, name);
    if (integration.id !== collector.id) {
      throw new ReportError('ConfigurationError', `${collector.name} was asked to collect for ${integration.id}`);
    }
    const { objects } = platform;
    const keys = runKeys(run.runId);
    const made = await readCollection(objects, run.runId, collector.id);
    if (made !== undefined) return finishedAnswer(keys.collection(collector.id), made);

    const plan = await readPlan(platform, run, collector.id);
    const { outcome, clean, ending, account } = await withSecret(platform.secrets, collector, (secret) =>
      attempt(secret, plan, collector, run, platform, invocation),
    );
    if (outcome.outcome === 'paused') {
      const { checkpoint, waitSeconds } = outcome;
      const customers = new Set(checkpoint.done.flatMap(([, tally]) => tally.customers.map(({ id }) => id))).size;
      const key = keys.checkpoint(collector.id);
      await writeCheckpoint(objects, key, account, checkpoint);
      return pausedAnswer(key, waitSeconds, customers);
    }
    const collection = clean(outcome.result);
    const kept = await keep({ ...collection, notes: [...collection.notes, ...ending] }, run, platform);
    await writePast(objects, run.runId, kept);
    platform.progress({ kind: 'measured', figures: [{ metric: 'CredentialsEnding', value: ending.length }] });
    await objects.remove(keys.checkpoint(collector.id));
    return finishedAnswer(keys.collection(collector.id), kept);
  });
}

/** Keeps the collection; if another execution of the run was first, its collection is the run's. */
async function keep(collection: Collection, { runId }: Run, { objects }: Platform): Promise<Collection> {
  if (await objects.createOnce(runKeys(runId).collection(collection.integration), jsonLines(collection)))
    return collection;
  return (await readCollection(objects, runId, collection.integration)) ?? collection;
}

/** How it went and with which account, how to take secrets out of it, and remarks on credentials that expire soon. */
type Attempt = {
  outcome: Awaited<ReturnType<typeof collect>>;
  account: string;
  clean: (collection: Collection) => Collection;
  ending: string[];
};

async function attempt(
  secret: unknown,
  { configuration, mapped }: Plan,
  collector: Collector,
  { runId, asOf, timeZone, units }: Run,
  platform: Platform,
  invocation: Invocation,
): Promise<Attempt> {
  const session = openSession(platform, invocation, collector.id);
  const { redactor } = session;
  redactor.hide(secret);
  redactor.hide(misplacedSecrets(configuration, collector));
  const context = {
    asOf,
    timeZone,
    lastRun: await readPast(platform.objects, collector.id),
    mapped,
    ...keptSecret(platform, collector, `run ${runId}`, session),
  };
  const onCustomers = (customers: number) =>
    platform.progress({ kind: 'customers', integration: collector.id, customers });
  const account = accountMark(secret, configuration);
  const { objects } = platform;
  const checkpoint = await readCheckpointFile(
    objects,
    runKeys(runId).checkpoint(collector.id),
    account,
    CollectionCheckpoint,
  );
  const goesOn = checkpoint !== undefined;
  const details = await openDetails(objects, runId, collector.id, { named: units === 'named', goesOn });
  try {
    const settings = { secret, configuration };
    const outcome = await collect(collector, settings, context, session, onCustomers, checkpoint, details.sink);
    await details.save();
    const clean = (collection: Collection): Collection => redactedCollection(collection, redactor);
    return { outcome, account, clean, ending: credentialNotes(secret, asOf) };
  } catch (error) {
    throw redactedError(error, redactor);
  }
}

async function readPlan({ objects }: Platform, { runId }: Run, integration: string): Promise<Plan> {
  const key = runKeys(runId).plan(integration);
  const plan = z.safeParse(Plan, await readJson(objects, key));
  if (plan.success) {
    const { configuration, misplaced } = plan.data;
    return {
      ...plan.data,
      configuration: { ...configuration, ...(await readMisplaced(objects, integration, misplaced)) },
    };
  }
  throw new ReportError('ConfigurationError', `${objects.locate(key)} is missing or is not a plan; run again`);
}
