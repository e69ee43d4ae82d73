import * as z from 'zod/mini';
import type { Step } from '../platform/platform.ts';
import { Run, readInput } from '../run/input.ts';
import { keepHistory } from '../run/report-history.ts';

const Input = z.strictObject({ run: Run, delivery: z.looseObject({ mechanism: z.string(), status: z.string() }) });

/** Makes this report the one that the next is compared with, unless it has only some vendors (`only`). */
export default function keepReportHistory(known: { collectors: readonly { id: string }[] }): Step {
  return async (value, { objects }): Promise<{ kept: boolean }> => {
    const { run, delivery } = readInput(Input, value, 'keep-history');
    if (run.only !== null) return { kept: false };
    const how = delivery.status === 'delivered' ? 'delivered' : 'made';
    for (const { id } of known.collectors) await keepHistory(objects, run.runId, id, how);
    return { kept: true };
  };
}
