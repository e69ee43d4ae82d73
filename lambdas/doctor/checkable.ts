import * as z from 'zod/mini';
import type { Invocation, Platform, Step } from '../platform/platform.ts';
import { isRecord } from '../report/record.ts';
import { readInput } from '../run/input.ts';
import { examine } from './examine.ts';
import type { Examined } from './finding.ts';
import type { Subject } from './subject.ts';

/**
 * The step, which handed `{ check }` does not work but looks whether it could: so the doctor sees what the step's own role lets it see.
 * Errors: those of `step`; `ConfigurationError` for a check that is none.
 */
export const checkable =
  <C>(
    name: string,
    schema: z.ZodMiniType<C>,
    look: (check: C, platform: Platform, invocation: Invocation) => Promise<Examined>,
    step: Step,
  ): Step =>
  (value, platform, invocation) => {
    if (!isRecord(value) || !Object.hasOwn(value, 'check')) return step(value, platform, invocation);
    const { check } = readInput(z.strictObject({ check: schema }), value, name);
    return look(check, platform, invocation);
  };

/** How a step looks at the one integration that it works with. */
export const lookingAt =
  <C>(subjectOf: (check: C, platform: Platform) => Subject) =>
  (check: C, platform: Platform, invocation: Invocation): Promise<Examined> =>
    examine(subjectOf(check, platform), platform, invocation);
