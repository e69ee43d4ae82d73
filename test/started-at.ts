import type { Step } from '../lambdas/platform/platform.ts';

/**
 * The steps of executions that start at this moment (ISO 8601). The engine takes that of this machine, which is not the
 * moment of a virtual clock: what the sandbox says of days would come true or not by the day of the test.
 */
export function startedAt(moment: string, steps: ReadonlyMap<string, Step>): ReadonlyMap<string, Step> {
  const first = 'check-running-org';
  const check = steps.get(first);
  return new Map([
    ...steps,
    [
      first,
      async (input, platform, invocation) => {
        if (check === undefined || typeof input !== 'object' || input === null) throw new Error(`no step ${first}`);
        const execution = { ...Reflect.get(input, 'execution'), startedAt: moment };
        return check({ ...input, execution }, platform, invocation);
      },
    ],
  ]);
}
