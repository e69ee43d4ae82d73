import * as z from 'zod/mini';
import type { ReportHead } from '../../lambdas/report/report.ts';
import { summarize } from '../../lambdas/report/summary.ts';
import type { Section } from '../../lambdas/report/summary-text.ts';
import { beginningOf, capped } from '../../lambdas/report/text.ts';
import { caughtError } from '../../lambdas/run/caught-error.ts';
import { holdsCounts } from '../../lambdas/run/report-file.ts';
import type { Execution } from './engine.ts';

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

/** How a finished run is told: what was made, what is missing in it, where it lies. `report` is absent where none was made. */
export type Finished = {
  execution: Execution;
  report: ReportHead | undefined;
  /** What comes first: the money, changes of whole vendors, terms. */
  lead?: readonly Section[];
  told: Told;
  /** Where everything of the run lies; a run that was refused may have left nothing there. */
  folder: string;
  /** Where an e-mail is kept that no service sent. */
  keptMail?: string;
};

/** The short table that ends a run. */
export function summaryText({ execution, report, lead = [], told, folder, keptMail }: Finished): string {
  const rows = [
    ...(report === undefined ? [] : reportRows(report)),
    ...(execution.status === 'failed'
      ? [['Not done', `${execution.error}: ${caughtError(execution.error, execution.cause).said}`] as const]
      : []),
    ...(told.automationLog?.entries ?? [])
      .filter(({ task }) => REMARKS.includes(task))
      .map(({ message }) => ['Note', message] as const),
    ...(told.delivery == null ? [] : [['Delivery', deliveryInWords(told.delivery, told.data, keptMail)] as const]),
    ...Object.values(told.report ?? {}).flatMap((place, index) =>
      place === null ? [] : [[index === 0 ? 'Files' : '', place] as const],
    ),
    ...(report === undefined ? [] : [['All files in', folder] as const]),
    ...(report !== undefined && holdsCounts(report) && execution.status === 'failed'
      ? [['Again', `the same run id, ${report.runId}, delivers this report without collecting again`] as const]
      : []),
  ];
  const width = Math.max(...rows.map(([title]) => title.length));
  const lines = rows.map(([title, text]) => `  ${title.padEnd(width)}  ${text.replace(/\p{Cc}+/gu, ' ')}`.trimEnd());
  return `${[headline(report), '', ...leadLines(lead), ...lines].join('\n')}\n`;
}

const leadLines = (lead: readonly Section[]): string[] =>
  lead.flatMap(({ sentence, entries, most }) => [
    `  ${sentence}`,
    ...capped(entries, most).map((entry) => `    ${entry}`),
    '',
  ]);

type Row = readonly [title: string, text: string];

const headline = (report: ReportHead | undefined): string => {
  if (report === undefined) return 'No report was made.';
  const { month, managingOrganization } = summarize(report);
  return `Billing count report of ${managingOrganization}, ${month}`;
};

function reportRows(report: ReportHead): Row[] {
  const { companies, integrations, unmapped, ambiguous, incomplete } = summarize(report);
  const { collected, partial, failed } = integrations;
  const byVendor = new Map<string, number>();
  for (const { integration } of unmapped) byVendor.set(integration, (byVendor.get(integration) ?? 0) + 1);
  const unmappedByVendor = [...byVendor].map(([integration, count]) => `${integration} ${count}`).join(', ');
  return [
    [
      'Companies',
      `${companies}${incomplete.length === 0 ? '' : `, ${incomplete.length} of them with incomplete data${failed.length === 0 ? '' : ' besides what failed'}`}`,
    ],
    ['Collected', collected.length === 0 ? 'none' : collected.join(', ')],
    ...partial.map(({ name, reason }): Row => ['In part', `${name}: ${brief(reason)}`]),
    ...failed.map(({ name, reason }): Row => ['Failed', `${name}: ${brief(reason)}`]),
    [
      'Unmapped',
      unmapped.length === 0 ? 'none' : `${customers(unmapped.length)} mapped to no company (${unmappedByVendor})`,
    ],
    ...(ambiguous.length === 0
      ? []
      : [['Ambiguous', `${customers(ambiguous.length)} mapped to several companies; counted for none`] as const]),
  ];
}

function deliveryInWords(delivery: Delivery, data: Told['data'], keptMail: string | undefined): string {
  const { mechanism, status, ticketId, ticketUrl, attached, recipients, via } = delivery;
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
  const parts = [
    `${mechanism}: ${status}`,
    via == null ? undefined : `via ${via}`,
    ticket,
    files,
    to,
    ticketUrl ?? undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** A terminal's worth of a reason; the automation log has the whole. */
const LONGEST_REASON = 300;

const brief = (reason: string): string =>
  reason.length > LONGEST_REASON ? `${beginningOf(reason, LONGEST_REASON)}…` : reason;

const customers = (count: number): string => (count === 1 ? '1 customer' : `${count} customers`);
