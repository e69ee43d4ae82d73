import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { messageOf } from '../../lambdas/report/errors.ts';
import type { Transport } from '../../lambdas/wire/transport.ts';
import { sandboxTransport } from '../../scripts/local/sandbox-transport.ts';
import { stepsOf } from '../../scripts/local/steps.ts';
import { peakMegabytes } from '../peak-memory.ts';
import { virtualClock } from '../virtual-clock.ts';
import { Order, type Outcome, TIME_HEADER } from './messages.ts';

/*
 * One call of one step in a process of its own: the order comes on stdin, the outcome goes to stdout. Time is virtual.
 */
const { name, input, now, milliseconds, config, out, sandbox } = z.parse(Order, JSON.parse(await text(process.stdin)));

/** How long a vendor takes to answer. */
const LATENCY_MILLISECONDS = 300;

const step = stepsOf(await loadRegistry()).get(name);
if (step === undefined) throw new Error(`no step ${name}`);
const clock = virtualClock(now);
let calls = 0;
const transport = sandbox === undefined ? {} : { transport: farAway(sandboxTransport(new URL(sandbox))) };
const platform = directoryPlatform({ config, out, clock, ...transport });

const megabytesBefore = Math.round(process.memoryUsage().rss / 1024 / 1024);
const ended = await step(input, platform, { deadline: now + milliseconds }).then(
  (answer) => ({ answer }),
  (error: unknown) => ({ failure: { name: error instanceof Error ? error.name : 'Error', message: messageOf(error) } }),
);
const { userCPUTime, systemCPUTime } = process.resourceUsage();
const outcome = {
  ...ended,
  ...{ megabytes: peakMegabytes(), megabytesBefore, processorSeconds: (userCPUTime + systemCPUTime) / 1e6 },
  ...{ calls, now: clock.now() },
};
console.log(JSON.stringify(outcome satisfies Omit<Outcome, 'answer'>));

function farAway(transport: Transport): Transport {
  return async (asked, signal) => {
    calls += 1;
    await clock.sleep(LATENCY_MILLISECONDS);
    const headers = { ...asked.headers, [TIME_HEADER]: String(clock.now()) };
    return clock.hold(transport({ ...asked, headers }, signal));
  };
}
