import { Redactor } from '../../lambdas/wire/redact.ts';
import type { Session } from '../../lambdas/wire/session.ts';
import type { Transport } from '../../lambdas/wire/transport.ts';
import { type VirtualClock, virtualClock } from '../virtual-clock.ts';

/** One invocation of the step that mails. */
export function mailSession(
  transport: Transport = () => Promise.reject(new Error('no HTTP in this test')),
): Session & { clock: VirtualClock } {
  const clock = virtualClock();
  return {
    ...{ clock, transport, redactor: new Redactor(), deadline: clock.now() + 280_000 },
    ...{ random: () => 0.5, requests: 0, onWait: () => {} },
  };
}
