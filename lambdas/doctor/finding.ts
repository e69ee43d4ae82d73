import * as z from 'zod/mini';

/** `FAIL`: a report will lack something. `warn`: it soon will. `note`: this could not be checked. */
const VERDICTS = ['FAIL', 'warn', 'note', 'ok'] as const;

const Finding = z.strictObject({ verdict: z.enum(VERDICTS), subject: z.string(), sentence: z.string() });

/** What was found at one system, in a sentence that says what to do about it. */
export type Finding = z.output<typeof Finding>;

const Skew = z.strictObject({ host: z.string(), seconds: z.number() });

/** How far our clock is ahead of a host's. */
export type Skew = z.output<typeof Skew>;

/** The result of one check, as its function returns it. */
export const Examined = z.strictObject({ findings: z.array(Finding), skews: z.array(Skew) });

export type Examined = z.output<typeof Examined>;

/** One line per finding, failures first; equal verdicts keep their order. */
export function findingLines(findings: readonly Finding[]): string[] {
  const width = Math.max(0, ...findings.map(({ subject }) => subject.length));
  return [...findings]
    .sort((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict))
    .map(({ verdict, subject, sentence }) => `${verdict.padEnd(4)}  ${subject.padEnd(width)}  ${sentence}`);
}

export const isMissingSomething = (findings: readonly Finding[]): boolean =>
  findings.some(({ verdict }) => verdict === 'FAIL');
