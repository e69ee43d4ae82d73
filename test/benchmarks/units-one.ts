import { performance } from 'node:perf_hooks';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { sandboxTransport } from '../../scripts/local/sandbox-transport.ts';
import { stepsOf } from '../../scripts/local/steps.ts';
import { peakMegabytes } from '../peak-memory.ts';
import { virtualClock } from '../virtual-clock.ts';

/** One collector's step in a process of its own, against a sandbox elsewhere; prints what it took, as JSON. */
const [id = '', config = '', out = '', origin = '', inputs = '{}'] = process.argv.slice(2);
const steps = stepsOf(await loadRegistry());
const clock = virtualClock(Date.now());
const wire = sandboxTransport(new URL(origin));
const platform = directoryPlatform({
  config,
  out,
  transport: (asked, signal) => clock.hold(wire(asked, signal)),
  clock,
});
const invocation = { deadline: platform.clock.now() + 880_000 };
const collector = steps.get(`collector-${id}`);
if (collector === undefined) throw new Error(`no collector ${id}`);
const began = performance.now();
const answer = await collector(JSON.parse(inputs), platform, invocation);
console.log(
  JSON.stringify({
    answer,
    milliseconds: Math.round(performance.now() - began),
    megabytes: peakMegabytes(),
  }),
);
