import type { Step } from '../../lambdas/platform/platform.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { stepFunctions } from '../../lambdas/steps/index.ts';

/** Every step by the name of its function, as the definition calls it. */
export const stepsOf = (registry: Registry): ReadonlyMap<string, Step> =>
  new Map(stepFunctions(registry).map(({ name, step }) => [name, step]));
