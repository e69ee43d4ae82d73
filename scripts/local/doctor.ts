import * as z from 'zod/mini';
import { clockFinding } from '../../lambdas/doctor/clock-finding.ts';
import { Examined, type Finding, findingLines, isMissingSomething } from '../../lambdas/doctor/finding.ts';
import { mailBy } from '../../lambdas/doctor/mail-look.ts';
import { installedUses, type Use } from '../../lambdas/doctor/uses.ts';
import type { Objects, Platform } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { EXIT } from './command.ts';
import type { LocalDoctorOptions } from './doctor-options.ts';
import { usage } from './options.ts';
import { requireAnswer, requireDirectory, strayedSecrets } from './preflight.ts';
import { stepsOf } from './steps.ts';
import { wholeConfiguration } from './whole-configuration.ts';

/** Where the command writes findings and progress. */
export type DoctorStreams = { result: (line: string) => void; progress: (line: string) => void };

/** Who checks: this machine, or the functions of an installation. */
export type Looking = {
  /** One answer per use, in their order. */
  look(uses: readonly Use[]): Promise<readonly Examined[]>;
  /** Whether the platform's own service would send mail from this address. */
  ownMail(from: string): Promise<Finding[]>;
};

/**
 * Checks everything that a run would call, concurrently. Nothing is reported twice, and each failure has its remedy.
 * Errors: `ConfigurationError` for report.json, organizations.json and billing.json, without which it is not known what
 * to check.
 */
export async function lookAtAll(
  only: readonly string[] | undefined,
  registry: Registry,
  objects: Objects,
  { look, ownMail }: Looking,
): Promise<Finding[]> {
  const installation = await wholeConfiguration(registry, objects);
  const { uses, findings } = installedUses(registry, installation);
  const isWanted = wanted(only, [...uses, ...findings.filter(({ verdict }) => verdict === 'FAIL')]);
  const examined = await look(uses.filter(isWanted));
  const { email } = installation.configuration.delivery;
  const isOwn = only === undefined && email !== undefined && [email.via ?? 'ses', email.fallback].includes('ses');
  return [
    ...clockFinding(examined.flatMap(({ skews }) => skews)),
    ...examined.flatMap((subject) => subject.findings),
    ...findings.filter(isWanted).map(({ id: _, ...finding }) => finding),
    ...(isOwn ? await ownMail(email.from) : []),
  ];
}

/** Errors: `ConfigurationError` for an unknown id. */
function wanted(only: readonly string[] | undefined, all: readonly { id: string }[]): (use: { id: string }) => boolean {
  if (only === undefined) return () => true;
  const ids = new Set(all.map(({ id }) => id));
  const unknown = only.filter((id) => !ids.has(id));
  if (unknown.length === 0) return ({ id }) => only.includes(id);
  throw usage(`--only: a run does not call ${unknown.join(', ')}; it calls ${[...ids].join(', ')}`);
}

/** Writes a line per finding. Returns the exit code. */
export function tell(findings: readonly Finding[], { result }: DoctorStreams): number {
  for (const line of findingLines(findings)) result(line);
  return isMissingSomething(findings) ? EXIT.notDone : EXIT.done;
}

/** Checks from this machine, as a local run would. Errors: as `lookAtAll`. */
export async function runDoctor(
  { config, only, sandbox }: Omit<LocalDoctorOptions, 'quiet'>,
  registry: Registry,
  platform: Platform,
  streams: DoctorStreams,
): Promise<number> {
  await requireDirectory(config);
  if (sandbox !== undefined) await requireAnswer(sandbox);
  const looking = { look: lookingFromHere(registry, platform, streams), ownMail: keptAsFile };
  const findings = await lookAtAll(only, registry, platform.objects, looking);
  const strays = findings.some(isMissingSecret) ? await strayedSecrets(config, registry) : [];
  return tell([...findings, ...strays.map(stray)], streams);
}

const lookingFromHere =
  (registry: Registry, platform: Platform, { progress }: DoctorStreams): Looking['look'] =>
  (uses) => {
    const steps = stepsOf(registry);
    let done = 0;
    return Promise.all(
      uses.map(async (use) => {
        const step = steps.get(use.function);
        if (step === undefined) throw new Error(`there is no step ${use.function}`);
        const answer = await step({ check: use.check }, platform, { deadline: Number.POSITIVE_INFINITY });
        done += 1;
        progress(`${done} of ${uses.length}: ${use.label}`);
        return z.parse(Examined, answer);
      }),
    );
  };

const keptAsFile = async (from: string): Promise<Finding[]> => [
  {
    verdict: 'note',
    subject: mailBy('SES'),
    sentence: `not checked: on this machine a mail is kept as email.eml; --aws shows whether SES sends as ${from}`,
  },
];

const isMissingSecret = ({ sentence }: Finding): boolean => /^secrets\/\S+ is missing/u.test(sentence);

const stray = (sentence: string): Finding => ({ verdict: 'note', subject: 'secrets', sentence });
