import * as z from 'zod/mini';
import type { Invocation, Platform, Step } from '../platform/platform.ts';
import { isRecord } from '../report/record.ts';
import { readInput } from '../run/input.ts';
import { examine } from './examine.ts';
import type { Examined } from './finding.ts';
import type { Subject } from './subject.ts';

/**
 * The step; with `{ check }` it only checks whether it could work, so that the doctor sees what the step's own role
 * allows.
 * Errors: those of `step`; `ConfigurationError` for an invalid check.
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

/** How a step checks its one integration. */
export const lookingAt =
  <C>(subjectOf: (check: C, platform: Platform) => Subject) =>
  (check: C, platform: Platform, invocation: Invocation): Promise<Examined> =>
    examine(subjectOf(check, platform), platform, invocation);
