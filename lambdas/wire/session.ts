import { ReportError } from '../report/errors.ts';
import type { Clock } from './clock.ts';
import type { Redactor } from './redact.ts';
import type { Transport } from './transport.ts';

/**
 * What one lifetime of a collector (or one delivery) shares: time, the wire, secrets to hide, and how long it may go
 * on.
 */
export type Session = {
  clock: Clock;
  transport: Transport;
  redactor: Redactor;
  /** Milliseconds since the epoch at which work must have stopped. */
  deadline: number;
  /** 0 to 1, for jitter. */
  random: () => number;
  /** HTTP requests sent, retries included. */
  requests: number;
  /** Called for every wait that a person would notice. */
  onWait: (seconds: number, reason: string) => void;
};

/** A longer wait is not waited out, neither in the Lambda nor by the state machine. */
const LONGEST_PAUSE_SECONDS = 3600;

/** A number of seconds of more than a day says no more, and a vendor can send one of any length. */
const DAY_SECONDS = 86_400;

/** Shorter waits are not shown in the progress. */
const NOTICEABLE_MILLISECONDS = 2000;

/** Thrown when the work must stop here and go on later; not an error: what was read so far is kept in a checkpoint. */
export class Paused {
  readonly waitSeconds: number;
  readonly reason: string;

  constructor(waitSeconds: number, reason: string) {
    this.waitSeconds = waitSeconds;
    this.reason = reason;
  }
}

/** Waits if the lifetime allows it. Throws `Paused`, or `VendorRateLimitError` if no pause would be long enough. */
export async function waitOrPause(session: Session, milliseconds: number, reason: string): Promise<void> {
  mayWait(session, milliseconds, reason);
  await session.clock.sleep(milliseconds);
}

/** The check of `waitOrPause` without the wait. */
export function mayWait(session: Session, milliseconds: number, reason: string): void {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds > LONGEST_PAUSE_SECONDS) {
    const wait = seconds > DAY_SECONDS ? 'more than a day' : `${seconds} seconds`;
    throw new ReportError('VendorRateLimitError', `${reason}; it asks for ${wait}, longer than a run waits`);
  }
  if (session.clock.now() + milliseconds >= session.deadline) throw new Paused(seconds, reason);
  if (milliseconds >= NOTICEABLE_MILLISECONDS) session.onWait(seconds, reason);
}
