import * as z from 'zod/mini';
import type { Brief } from '../../lambdas/report/brief.ts';
import { isErrorName } from '../../lambdas/report/errors.ts';
import type { ReportHead } from '../../lambdas/report/report.ts';
import { caughtError } from '../../lambdas/run/caught-error.ts';
import { holdsCounts } from '../../lambdas/run/report-file.ts';
import type { Execution } from './engine.ts';
import { type Paint, paintOn, plain, vendorTable } from './vendor-table.ts';
import { readableWidth, USUAL_WIDTH, wrapped } from './wrapped.ts';

/** Entries of the log which mean that the numbers or the delivery may not be as expected. */
const REMARKS = ['reuse report', 'not asked', 'mail'];

/** The part of the execution's output that is shown to a person. */
const Result = z.object({
  automationLog: z.nullish(z.object({ entries: z.array(z.object({ task: z.string(), message: z.string() })) })),
  data: z.nullish(z.array(z.unknown())),
  report: z.nullish(
    z.object({ csv: z.nullable(z.string()), unmapped: z.nullable(z.string()), json: z.nullable(z.string()) }),
  ),
  delivery: z.nullish(
    z.object({
      mechanism: z.string(),
      status: z.string(),
      ticketId: z.nullish(z.string()),
      ticketUrl: z.nullish(z.string()),
      attached: z.nullish(z.boolean()),
      recipients: z.nullish(z.array(z.string())),
      /** The service that sent the mail; absent if it only became a file. */
      via: z.nullish(z.string()),
    }),
  ),
});

export type Shown = z.output<typeof Result>;
type Delivery = NonNullable<Shown['delivery']>;

/** The output of the log's state; empty if the run did not get that far. */
export function readResult(output: unknown): Shown {
  return output === undefined ? {} : z.parse(Result, output);
}

/** The summary of a finished run: what was made, what is missing, where it is. */
export type Finished = {
  execution: Execution;
  /** Absent if no report was made. */
  made?: { report: ReportHead; brief: Brief };
  shown: Shown;
  /** The run's folder; a refused run may have written nothing there. */
  folder: string;
  /** Location of an e-mail that no service sent. */
  keptMail?: string;
  /** Integration -> how long it took, in milliseconds. */
  times?: ReadonlyMap<string, number>;
};

/** What the summary is written on. */
export type Paper = { width: number; paint: Paint };

const PLAIN: Paper = { width: USUAL_WIDTH, paint: plain };

export const paperOn = (stream: NodeJS.WriteStream): Paper => ({
  width: readableWidth(stream.columns),
  paint: paintOn(stream),
});

/** The text at the end of a run: the money, the vendors in a table, what to do, and where everything is. */
export function summaryText(finished: Finished, paper: Paper = PLAIN): string {
  const { made, times = new Map() } = finished;
  const blocks =
    made === undefined
      ? [[paper.paint('bold', 'No report was made.')]]
      : reportBlocks(made.brief, vendorTable(made.report, times, paper.paint), paper);
  const rows = rowsOf(finished);
  if (rows.length > 0) blocks.push(labelled(rows, paper));
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** The money comes first, then the table. */
function reportBlocks({ title, sections }: Brief, table: string[], { width, paint }: Paper): string[][] {
  const [money = [], ...others] = sections.map(({ sentence, entries }) => [
    ...wrapped(sentence, width),
    ...entries.flatMap((entry) => wrapped(entry, width, '  - ')),
  ]);
  return [[paint('bold', title)], money, table, ...others].filter(({ length }) => length > 0);
}

type Row = readonly [title: string, text: string];

function rowsOf({ execution, made, shown, folder, keptMail }: Finished): Row[] {
  const failed = execution.status === 'failed' ? execution : undefined;
  const rows: Row[] = [];
  if (failed !== undefined) rows.push(['Failed', faultInWords(failed.error, failed.cause)]);
  for (const { task, message } of shown.automationLog?.entries ?? []) {
    if (REMARKS.includes(task)) rows.push(['Note', message]);
  }
  if (shown.delivery != null) rows.push(['Delivery', deliveryInWords(shown.delivery, shown.data, keptMail)]);
  if (shown.delivery?.ticketUrl != null) rows.push(['', shown.delivery.ticketUrl]);
  if (made !== undefined || shown.report?.csv != null) rows.push(['Files', folder]);
  if (made !== undefined && failed === undefined) {
    rows.push(['', 'start with report.xlsx, or with report.html in a browser']);
  }
  if (made !== undefined && failed !== undefined && holdsCounts(made.report)) {
    rows.push(['Again', `the same run id, ${made.report.runId}, delivers this report without collecting again`]);
  }
  return rows;
}

/** Our own errors need no name; the engine's have a name that can be looked up. */
const faultInWords = (error: string, cause: string): string =>
  isErrorName(error) ? caughtError(error, cause).reason : `${error}: ${caughtError(error, cause).reason}`;

function labelled(rows: readonly Row[], { width, paint }: Paper): string[] {
  const label = Math.max(...rows.map(([title]) => title.length)) + 2;
  return rows.flatMap(([title, text]) => {
    const [first = '', ...others] = wrapped(text, width, ' '.repeat(label));
    return [`${paint('bold', title)}${first.slice(title.length)}`, ...others];
  });
}

function deliveryInWords(delivery: Delivery, data: Shown['data'], keptMail: string | undefined): string {
  const { mechanism, status, ticketId, attached, recipients, via } = delivery;
  if (mechanism === 'none') return 'none, as asked';
  if (status !== 'delivered')
    return `NOT done (${mechanism})${ticketId == null ? '' : `, though ticket ${ticketId} was made`}`;
  if (mechanism === 'return') {
    return data == null
      ? "the rows are too large for the execution's output: they are in the files"
      : "the rows are in the execution's output";
  }
  if (mechanism === 'email') {
    const mail = `e-mail to ${recipients?.join(', ') ?? 'nobody'}`;
    // Not "sent": nobody got it.
    if (keptMail !== undefined && via == null) return `${mail}: kept as ${keptMail}, NOT sent from this machine`;
    return `${mail}: sent${via == null ? '' : ` by ${via}`}`;
  }
  return `ticket ${ticketId ?? ''}${attached == null ? '' : attached ? ', files attached' : ', files NOT attached'}`;
}
