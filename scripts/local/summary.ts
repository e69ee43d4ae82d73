import * as z from 'zod/mini';
import type { Brief } from '../../lambdas/report/brief.ts';
import type { Report } from '../../lambdas/report/report.ts';
import { caughtError } from '../../lambdas/run/caught-error.ts';
import { holdsCounts } from '../../lambdas/run/report-file.ts';
import type { Execution } from './engine.ts';
import { type Paint, paintOn, plain, vendorTable } from './vendor-table.ts';
import { readableWidth, USUAL_WIDTH, wrapped } from './wrapped.ts';

/** Entries of the log that say that these are not the numbers, or not the delivery, that somebody may have expected. */
const REMARKS = ['reuse report', 'not asked', 'mail'];

/** The part of the execution's output that a person is told. */
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
      /** The service that sent the mail; absent where it only became a file. */
      via: z.nullish(z.string()),
    }),
  ),
});

export type Told = z.output<typeof Result>;
type Delivery = NonNullable<Told['delivery']>;

/** The output of the log's state; empty where the run did not come that far. */
export function readResult(output: unknown): Told {
  return output === undefined ? {} : z.parse(Result, output);
}

/** How a finished run is told: what was made, what is missing in it, where it lies. `report` and `brief` are absent where none was made. */
export type Finished = {
  execution: Execution;
  report: Report | undefined;
  brief?: Brief;
  told: Told;
  /** Where everything of the run lies; a run that was refused may have left nothing there. */
  folder: string;
  /** Where an e-mail is kept that no service sent. */
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

/** What ends a run: the money, the vendors in a table, what to do, and where everything is. */
export function summaryText(finished: Finished, paper: Paper = PLAIN): string {
  const { report, brief, times = new Map() } = finished;
  const blocks =
    report === undefined || brief === undefined
      ? [[paper.paint('bold', 'No report was made.')]]
      : reportBlocks(brief, vendorTable(report, times, paper.paint), paper);
  const rows = rowsOf(finished);
  return `${[...blocks, ...(rows.length === 0 ? [] : [labelled(rows, paper)])].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** The table comes after the money, which comes first. */
function reportBlocks(
  { title, sections }: Brief,
  table: readonly string[],
  { width, paint }: Paper,
): (readonly string[])[] {
  const [money, ...others] = sections.map(({ sentence, entries }) => [
    ...wrapped(sentence, width),
    ...entries.flatMap((entry) => wrapped(entry, width, '  - ')),
  ]);
  return [[paint('bold', title)], money ?? [], table, ...others].filter(({ length }) => length > 0);
}

type Row = readonly [title: string, text: string];

function rowsOf({ execution, report, told, folder, keptMail }: Finished): Row[] {
  const failed = execution.status === 'failed' ? execution : undefined;
  const mayDeliver = failed !== undefined && report !== undefined && holdsCounts(report);
  return [
    ...(failed === undefined ? [] : [['Not done', caughtError(failed.error, failed.cause).said] as const]),
    ...(told.automationLog?.entries ?? [])
      .filter(({ task }) => REMARKS.includes(task))
      .map(({ message }) => ['Note', message] as const),
    ...(told.delivery == null ? [] : [['Delivery', deliveryInWords(told.delivery, told.data, keptMail)] as const]),
    ...(told.delivery?.ticketUrl == null ? [] : [['', told.delivery.ticketUrl] as const]),
    ...(report === undefined && told.report == null ? [] : [['Files', folder] as const]),
    ...(report === undefined || failed !== undefined
      ? []
      : [['', 'begin with report.xlsx, or with report.html in a browser'] as const]),
    ...(mayDeliver
      ? [['Again', `the same run id, ${report.runId}, delivers this report without collecting again`] as const]
      : []),
  ];
}

function labelled(rows: readonly Row[], { width, paint }: Paper): string[] {
  const label = Math.max(...rows.map(([title]) => title.length)) + 2;
  return rows.flatMap(([title, text]) => {
    const [first = '', ...others] = wrapped(text, width, ' '.repeat(label));
    return [`${paint('bold', title)}${first.slice(title.length)}`, ...others];
  });
}

function deliveryInWords(delivery: Delivery, data: Told['data'], keptMail: string | undefined): string {
  const { mechanism, status, ticketId, attached, recipients, via } = delivery;
  if (mechanism === 'none') return 'none, as asked';
  if (mechanism === 'return' && status === 'delivered') {
    return data == null
      ? "the rows are too large for the execution's output: they are in the files"
      : "the rows are in the execution's output";
  }
  const to = recipients == null ? undefined : `to ${recipients.join(', ')}`;
  if (mechanism === 'email' && status === 'delivered' && keptMail !== undefined && via == null) {
    // "delivered" would be believed.
    return `e-mail ${to ?? ''}: kept as ${keptMail}, NOT sent from this machine`;
  }
  const ticket = ticketId == null ? undefined : `ticket ${ticketId}`;
  const files = attached == null ? undefined : attached ? 'files attached' : 'files NOT attached';
  const parts = [`${mechanism}: ${status}`, via == null ? undefined : `via ${via}`, ticket, files, to];
  return parts.filter((part) => part !== undefined).join(', ');
}
