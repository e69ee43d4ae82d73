import type { Invocation, Platform } from '../platform/platform.ts';
import { Redactor } from '../wire/redact.ts';
import type { Session } from '../wire/session.ts';

/** A session with one vendor or PSA in one invocation. */
export function openSession(platform: Platform, { deadline }: Invocation, integration: string): Session {
  const { clock, transport, random, progress } = platform;
  return {
    clock,
    transport,
    random,
    deadline,
    redactor: new Redactor(),
    requests: 0,
    onWait: (seconds, reason) => progress({ kind: 'waiting', integration, seconds, reason }),
  };
}
