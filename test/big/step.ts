import { performance } from 'node:perf_hooks';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { stepsOf } from '../../scripts/local/steps.ts';

/** One step in a process of its own, as its Lambda runs it: answer and measures go to stdout as JSON. */
const [name = '', config = '', out = '', input = '{}'] = process.argv.slice(2);
const step = stepsOf(await loadRegistry()).get(name);
if (step === undefined) throw new Error(`no step ${name}`);
const platform = directoryPlatform({ config, out });
const before = process.memoryUsage().rss;
const began = performance.now();
const answer = await step(JSON.parse(input), platform, { deadline: platform.clock.now() + 280_000 });
console.log(
  JSON.stringify({
    answer,
    milliseconds: Math.round(performance.now() - began),
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    megabytesBefore: Math.round(before / 1024 / 1024),
  }),
);
