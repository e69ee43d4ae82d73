import { resolve } from 'node:path';
import type { Registry } from '../lambdas/registry.ts';
import { type Access, CONFIGURATION } from '../lambdas/steps/access.ts';
import { stepFunctions } from '../lambdas/steps/index.ts';
import { type Bundle, bundle, type Entry } from './bundle.ts';
import { stepEntry, upkeepEntry } from './entry.ts';
import { functionTimeoutOf } from './task-timeout.ts';

/** The plan of one Lambda function: its code, its access, its memory. */
export type PlannedFunction = Entry & {
  description: string;
  access: Access;
  memoryMegabytes: number;
  timeoutSeconds: number;
};

/**
 * What Node may use of a function's memory for objects that live long. The rest is for buffers and the runtime, so that
 * Node collects garbage before Lambda kills the function.
 */
export const heapMegabytes = (memoryMegabytes: number): number => memoryMegabytes / 2;

const UPKEEP = { memoryMegabytes: 256, timeoutSeconds: 60 };

/** Every function of the state machine: one per step, per collector and per PSA. */
export const pipelineFunctions = (registry: Registry): PlannedFunction[] =>
  stepFunctions(registry).map((step) => ({
    ...{ name: step.name, description: step.description, access: step.access, memoryMegabytes: step.memoryMegabytes },
    source: stepEntry(step, registry),
    timeoutSeconds: functionTimeoutOf(step.name),
  }));

/** The functions outside the state machine: one starts scheduled runs, one notices a missing run. */
export function upkeepFunctions({ collectors, psas }: Registry): PlannedFunction[] {
  const ids = (integrations: readonly { id: string }[]) => integrations.map(({ id }) => ({ id }));
  const known = { collectors: ids(collectors), psas: psas.map(({ id }) => id) };
  const kept = collectors.filter(({ credentials }) => credentials !== undefined).map(({ id }) => id);
  const starts: Access = { read: [CONFIGURATION], runs: 'start', deadLetters: true };
  const looks: Access = { runs: 'look', deadLetters: true };
  return [
    {
      ...UPKEEP,
      name: 'start-run',
      description: 'Starts a scheduled run under an id that follows from the scheduled time',
      source: upkeepEntry('start-run.ts', starts, [{ known, kept }]),
      access: starts,
    },
    {
      ...UPKEEP,
      name: 'report-age',
      description: 'Measures how long ago a report last succeeded',
      source: upkeepEntry('report-age.ts', looks),
      access: looks,
    },
  ];
}

/**
 * Bundles what every function runs, in `directory`; by default dist/lambda in the working directory. Returns the
 * bundles by the functions' names. One result serves any number of installations.
 */
export const bundleFunctions = (
  registry: Registry,
  directory = resolve('dist/lambda'),
): Promise<ReadonlyMap<string, Bundle>> =>
  bundle([...pipelineFunctions(registry), ...upkeepFunctions(registry)], directory);
