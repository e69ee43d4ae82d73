import { clockFinding } from '../../lambdas/doctor/clock-finding.ts';
import { examine } from '../../lambdas/doctor/examine.ts';
import { type Finding, findingLines, isMissingSomething } from '../../lambdas/doctor/finding.ts';
import { installedSubjects } from '../../lambdas/doctor/installed.ts';
import type { Subject } from '../../lambdas/doctor/subject.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { EXIT } from './command.ts';
import type { DoctorOptions } from './doctor-options.ts';
import { usage } from './options.ts';
import { requireAnswer, requireDirectory, strayedSecrets } from './preflight.ts';
import { wholeConfiguration } from './whole-configuration.ts';

/** Where the command writes: findings, and how far it is. */
export type DoctorStreams = { result: (line: string) => void; progress: (line: string) => void };

/**
 * Examines everything that a run would call, all at once, and writes a line each. Returns the exit code.
 * Errors: `ConfigurationError` for report.json, organizations.json and billing.json, without which it is not known what to look at.
 */
export async function runDoctor(
  { config, only, sandbox }: DoctorOptions,
  registry: Registry,
  platform: Platform,
  { result, progress }: DoctorStreams,
): Promise<number> {
  await requireDirectory(config);
  if (sandbox !== undefined) await requireAnswer(sandbox);
  const { subjects, notes } = await installed(registry, platform);
  const chosen = chosenFrom(subjects, only);
  let done = 0;
  const examined = await Promise.all(
    chosen.map(async (subject) => {
      const found = await examine(subject, platform);
      done += 1;
      progress(`${done} of ${chosen.length}: ${subject.label}`);
      return found;
    }),
  );
  const findings = [
    ...clockFinding(examined.flatMap(({ skews }) => skews)),
    ...examined.flatMap((each) => each.findings),
    ...(only === undefined ? notes : []),
  ];
  const strays = findings.some(isMissingSecret) ? await strayedSecrets(config, registry) : [];
  for (const line of findingLines([...findings, ...strays.map(stray)])) result(line);
  return isMissingSomething(findings) ? EXIT.notDone : EXIT.done;
}

async function installed(registry: Registry, platform: Platform) {
  const { objects } = platform;
  return installedSubjects(registry, { ...(await wholeConfiguration(registry, objects)), platform });
}

/** Errors: `ConfigurationError` for an id that names nothing here. */
function chosenFrom(subjects: readonly Subject[], only: readonly string[] | undefined): readonly Subject[] {
  if (only === undefined) return subjects;
  const ids = new Set(subjects.map(({ id }) => id));
  const strangers = only.filter((id) => !ids.has(id));
  if (strangers.length === 0) return subjects.filter(({ id }) => only.includes(id));
  throw usage(`--only: ${strangers.join(', ')} not among what a run would call: ${[...ids].join(', ')}`);
}

const isMissingSecret = ({ sentence }: Finding): boolean => /^secrets\/\S+ is missing/u.test(sentence);

const stray = (sentence: string): Finding => ({ verdict: 'note', subject: 'secrets', sentence });
