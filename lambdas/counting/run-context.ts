import type { LastRun } from './plausible.ts';

/** What a collector knows about the run. */
export type RunContext = {
  /** ISO 8601: the time of the report. */
  asOf: string;
  /** IANA name of the zone of the report's days and months. */
  timeZone: string;
  /** The size of the last plausible collection, if there was one. */
  lastRun?: LastRun | undefined;
  /** Ids that companies have here: if there are any, an empty answer is suspicious. */
  mapped: readonly string[];
  /** Replaces these fields of the secret and keeps the others (rotating tokens); resolves when it is durable. */
  keepSecret: (members: Record<string, unknown>) => Promise<void>;
  /** Waits for the lock on this single-use credential: one holder at a time across all runs. */
  lockSecret: (credential: string) => Promise<SecretLock>;
};

/** The lock on a single-use credential. A holder that dies loses it when it expires, and leaves a trace. */
export type SecretLock = {
  /** The present secret: another run may have replaced it while we waited. */
  secret: unknown;
  /** ISO 8601: when an earlier holder took this lock and never reported how its use ended; undefined if none did. */
  interrupted: string | undefined;
  /** Releases the lock: the secret was replaced, the credential was not used, or that is unknown. Never rejects. */
  release: (how: 'replaced' | 'unused' | 'unknown') => Promise<void>;
};
