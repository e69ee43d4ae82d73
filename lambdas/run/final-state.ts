import * as z from 'zod/mini';
import { memberOf } from '../report/record.ts';
import { Caught } from './caught-error.ts';
import { Files, ReportTotals, Run } from './input.ts';
import { Reconciled, type ReconciliationTotals } from './reconciliation-file.ts';

const Delivery = z.looseObject({ mechanism: z.string(), status: z.string() });

const Ticket = z.object({ ticketId: z.string(), ticketUrl: z.string() });

const FailedCollection = z.object({
  integration: z.string(),
  status: z.literal('failed'),
  error: z.string(),
  cause: z.nullish(z.string()),
});

const Started = z.object({
  input: z.optional(z.nullable(z.object({ runId: z.optional(z.nullable(z.string())) }))),
  execution: z.object({ name: z.string() }),
});

const Remarks = z.object({ remarks: z.array(z.string()) });

/** Where a Catch puts the error of a step whose failure does not end the run, and what that step makes. */
const SIDE_TASKS: ReadonlyMap<string, string> = new Map([
  ['notReconciled', 'compare with billing'],
  ['changesFailed', 'find changes'],
  ['workbookFailed', 'create workbook'],
  ['historyFailed', 'keep history'],
]);

/** The state of a run, wherever it ended. What it did not reach is undefined. */
export type FinalState = {
  started: z.output<typeof Started> | undefined;
  run: Run | undefined;
  planned: boolean;
  /** True if the report existed before this execution began. */
  reused: boolean;
  failedCollections: z.output<typeof FailedCollection>[] | undefined;
  report: ReportTotals | undefined;
  files: Files | undefined;
  reconciliation: ReconciliationTotals | undefined;
  /** Remarks of FindChanges. */
  remarks: string[];
  /** The errors of steps that the report does not depend on; the run went on. */
  sideFailures: { task: string; error: z.output<typeof Caught> }[];
  ticket: z.output<typeof Ticket> | undefined;
  delivery: z.output<typeof Delivery> | undefined;
  error: z.output<typeof Caught> | undefined;
};

/** Reads the state part by part: the log must be written whatever happened, so one bad part must not affect another. */
export function readFinalState(value: unknown): FinalState {
  const read = <T>(schema: z.ZodMiniType<T>, name: string): T | undefined =>
    z.safeParse(schema, memberOf(value, name)).data;
  const collections = memberOf(value, 'collections');
  return {
    started: z.safeParse(Started, value).data,
    run: read(Run, 'run'),
    planned: memberOf(value, 'plan') !== undefined,
    reused: Array.isArray(collections) && collections.some((ended) => memberOf(ended, 'status') === 'made'),
    failedCollections: Array.isArray(collections)
      ? collections.flatMap((ended) => z.safeParse(FailedCollection, ended).data ?? [])
      : undefined,
    report: read(ReportTotals, 'report'),
    files: read(Files, 'files'),
    reconciliation: read(Reconciled, 'reconciliation'),
    remarks: read(Remarks, 'changes')?.remarks ?? [],
    sideFailures: [...SIDE_TASKS].flatMap(([name, task]) => {
      const error = read(Caught, name);
      return error === undefined ? [] : [{ task, error }];
    }),
    ticket: read(Ticket, 'ticket'),
    delivery: read(Delivery, 'delivery'),
    error: read(Caught, 'error'),
  };
}
