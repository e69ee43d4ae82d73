/** `FAIL`: a report will lack something. `warn`: it soon will. `note`: this could not be looked at. */
const VERDICTS = ['FAIL', 'warn', 'note', 'ok'] as const;

/** What was found at one system, in a sentence that says what to do about it. */
export type Finding = { verdict: (typeof VERDICTS)[number]; subject: string; sentence: string };

/** One line a finding, what fails first; equal verdicts keep their order. */
export function findingLines(findings: readonly Finding[]): string[] {
  const width = Math.max(0, ...findings.map(({ subject }) => subject.length));
  return [...findings]
    .sort((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict))
    .map(({ verdict, subject, sentence }) => `${verdict.padEnd(4)}  ${subject.padEnd(width)}  ${sentence}`);
}

export const isMissingSomething = (findings: readonly Finding[]): boolean =>
  findings.some(({ verdict }) => verdict === 'FAIL');
