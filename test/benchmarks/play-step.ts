import { pathToFileURL } from 'node:url';
import type * as Directory from '../../lambdas/platform/directory.ts';
import type * as Registry from '../../lambdas/registry.ts';
import type * as Steps from '../../scripts/local/steps.ts';
import { peakMegabytes } from '../peak-memory.ts';

/**
 * Plays steps of a build of this project in one process of their own, and prints as JSON what each answered and took:
 * `play-step.ts BUILD CONFIG OUT '[["consolidate", { … }], …]'`. The build is a folder, so that two of them can be
 * measured side by side.
 */
const [build = '', config = '', out = '', plays = '[]'] = process.argv.slice(2);
const from = (path: string) => import(pathToFileURL(`${build}/${path}`).href);
const { directoryPlatform }: typeof Directory = await from('lambdas/platform/directory.ts');
const { loadRegistry }: typeof Registry = await from('lambdas/registry.ts');
const { stepsOf }: typeof Steps = await from('scripts/local/steps.ts');

const order: [step: string, input: unknown][] = JSON.parse(plays);
const steps = stepsOf(await loadRegistry());
const platform = directoryPlatform({ config, out });
for (const [name, input] of order) {
  const step = steps.get(name);
  if (step === undefined) throw new Error(`no step ${name}`);
  const before = process.cpuUsage();
  const began = performance.now();
  const answer = await step(input, platform, { deadline: platform.clock.now() + 280_000 });
  const { user, system } = process.cpuUsage(before);
  console.log(
    JSON.stringify({
      step: name,
      answer,
      seconds: (performance.now() - began) / 1000,
      processorSeconds: (user + system) / 1e6,
      megabytes: peakMegabytes(),
    }),
  );
}
