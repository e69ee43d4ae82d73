import type { LastRun } from './plausible.ts';

/** What a collector knows of the run. */
export type RunContext = {
  /** ISO 8601: the moment that the report speaks of. */
  asOf: string;
  /** IANA name by which the report's days and months go. */
  timeZone: string;
  /** What the last believed collection amounted to, where there was one. */
  lastRun?: LastRun | undefined;
  /** Ids that companies have here: how many there are tells whether an empty answer can be true. */
  mapped: readonly string[];
  /** Stores these fields of the secret anew, the others as they are (rotating tokens); resolves when it is durable. */
  keepSecret: (members: Record<string, unknown>) => Promise<void>;
  /** Waits until this credential, which is good for one use, is ours alone to use: one holder at a time over all runs. */
  lockSecret: (credential: string) => Promise<SecretLock>;
};

/** The right to use up a credential. A holder that dies loses it when its time is over, and leaves a trace. */
export type SecretLock = {
  /** The secret as it is now: another run may have replaced it while we waited. */
  secret: unknown;
  /** ISO 8601: when an earlier holder took this lock without ever saying how its use ended; undefined if none did. */
  interrupted: string | undefined;
  /** Ends it: the secret was replaced, the credential was not used, or it is not known whether it was. Never rejects. */
  release: (how: 'replaced' | 'unused' | 'unknown') => Promise<void>;
};
