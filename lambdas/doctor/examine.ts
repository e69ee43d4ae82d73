import type { Invocation, Platform } from '../platform/platform.ts';
import { dayIn } from '../report/day.ts';
import { isReportError } from '../report/errors.ts';
import { quantity } from '../report/quantity.ts';
import { listed } from '../report/text.ts';
import { endingCredentials } from '../run/credential-notes.ts';
import { misplacedSecrets } from '../run/misplaced.ts';
import { redactedError } from '../run/redacted.ts';
import { readSecret } from '../run/secret.ts';
import { openSession } from '../run/session.ts';
import { credentialEnds } from '../wire/credential-end.ts';
import type { UnseenRight } from '../wire/rights.ts';
import { Paused } from '../wire/session.ts';
import type { Examined, Finding } from './finding.ts';
import { Listening } from './listening.ts';
import { complaint, endsIt, faultOf } from './sentences.ts';
import type { Subject } from './subject.ts';

/** Longer than a single-use credential needs before a deadline (`secret-lease.ts`). */
const PATIENCE_MILLISECONDS = 120_000;

/**
 * Checks that the secret exists, that the vendor accepts it, and that each right is granted. It only reads. Whatever is
 * wrong is a finding; errors are our own faults.
 */
export async function examine(subject: Subject, platform: Platform, invocation: Invocation): Promise<Examined> {
  const deadline = Math.min(invocation.deadline, platform.clock.now() + PATIENCE_MILLISECONDS);
  const listening = new Listening(openSession(platform, { deadline }, subject.id));
  const { redactor } = listening.session;
  const findings: Finding[] = [];
  const add = (verdict: Finding['verdict'], sentence: string): void => {
    findings.push({ verdict, subject: subject.label, sentence: redactor.clean(sentence) });
  };
  const examined = (): Examined => ({ findings, skews: listening.skews });
  try {
    const secret = await readSecret(platform.secrets, subject);
    redactor.hide(secret);
    const configuration = await subject.configuration();
    redactor.hide(misplacedSecrets(configuration, subject));
    const asOf = new Date(platform.clock.now()).toISOString();
    for (const { sentence, hasEnded } of endingCredentials(secret, asOf)) add(hasEnded ? 'FAIL' : 'warn', sentence);
    const rights = await lookAtRights(subject, { secret, configuration }, listening, add);
    if (findings.some(({ verdict }) => verdict === 'FAIL') || rights === undefined) return examined();
    const ends = credentialEnds(secret).map(({ member, end }) => `${member} expires on ${dayIn(end, 'UTC')}`);
    add('ok', listed(['credentials accepted', rights, ...listening.hosts, ...ends]));
  } catch (error) {
    if (error instanceof Paused) add('FAIL', `did not finish answering within two minutes: ${error.reason}`);
    else if (isReportError(error))
      for (const sentence of faultOf(redactedError(error, redactor))) add('FAIL', sentence);
    else throw error;
  }
  return examined();
}

/** How many rights are granted, in words; undefined if the check had to end early. */
async function lookAtRights(
  subject: Subject,
  settings: Parameters<Subject['open']>[0],
  listening: Listening,
  add: (verdict: Finding['verdict'], sentence: string) => void,
): Promise<string | undefined> {
  const { checked, isInOne, unseen, afterwards } = await subject.open(settings, listening);
  const leftOut: UnseenRight[] = [...unseen];
  const refusedAt = new Map<string, string>();
  let granted = 0;
  for await (const { right, where, refusal, unseen: why } of checked) {
    const isIn = granted > 0;
    const before = refusedAt.get(listening.lastAsked);
    if (why !== undefined) leftOut.push({ right, where, unseen: why });
    else if (refusal === undefined) granted += 1;
    else if (before !== undefined)
      leftOut.push({ right, where, unseen: `it can be checked once "${before}" is granted` });
    else {
      refusedAt.set(listening.lastAsked, right);
      add(...complaint(refusal, { right, where }, subject, isIn));
      if (endsIt(refusal, isIn)) return undefined;
    }
  }
  for (const { right, where, unseen: why } of leftOut) add('note', `right "${right}" not checked: ${why} (${where})`);
  if (refusedAt.size === 0) await afterwards?.();
  return isInOne === true ? 'a first answer was read' : quantity(granted, 'right');
}
