import { styleText } from 'node:util';
import type { ReportHead, ReportIntegration } from '../../lambdas/report/report.ts';

/** Colours a text; returns it unchanged if the output is not a terminal or NO_COLOR is set. */
export type Paint = (colour: 'bold' | 'dim' | 'green' | 'yellow' | 'red', text: string) => string;

export const plain: Paint = (_, text) => text;

export const paintOn =
  (stream: NodeJS.WriteStream): Paint =>
  (colour, text) =>
    styleText(colour, text, { stream });

type Read = Exclude<ReportIntegration['status'], 'not-installed'>;

const MARKS = {
  collected: { mark: '✓', colour: 'green' },
  partial: { mark: '!', colour: 'yellow' },
  failed: { mark: '✗', colour: 'red' },
} as const satisfies Record<Read, unknown>;

/**
 * One line per vendor: the customers that it lists, the companies with all their numbers, those that lack one, and how
 * long it took. `times`: integration -> milliseconds; if empty, the column is left out.
 */
export function vendorTable(report: ReportHead, times: ReadonlyMap<string, number>, paint: Paint): string[] {
  const rows = report.integrations.flatMap((integration) => {
    const { status, name } = integration;
    if (status === 'not-installed') return [];
    const { counted, blank } = companiesAt(report, integration.integration);
    const taken = times.get(integration.integration);
    const customers = status === 'failed' ? '-' : String(integration.customers);
    const cells = [name, customers, String(counted), String(blank), taken === undefined ? '' : inSeconds(taken)];
    return [{ status, cells }];
  });
  if (rows.length === 0) return [];
  const titles = ['Vendor', 'Customers', 'Counted', 'Blank', ...(times.size === 0 ? [] : ['Time'])];
  const widths = titles.map((title, index) =>
    Math.max(title.length, ...rows.map(({ cells }) => cells[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, index) => (index === 0 ? (cells[index] ?? '').padEnd(width) : (cells[index] ?? '').padStart(width)))
      .join('  ')
      .trimEnd();
  return [
    paint('bold', `  ${line(titles)}`),
    ...rows.map(({ status, cells }) => {
      const { mark, colour } = MARKS[status];
      return paint(colour, `${mark} `) + (status === 'collected' ? line(cells) : paint(colour, line(cells)));
    }),
  ];
}

/** Of the companies that have an id there: how many were read, and how many lack a number. */
function companiesAt({ rows }: ReportHead, integration: string): { counted: number; blank: number } {
  let [counted, blank] = [0, 0];
  for (const { gaps = [], knownEmpty = [] } of rows) {
    const states = gaps.filter((gap) => gap.integration === integration).map(({ state }) => state);
    if (states.some((state) => state !== 'unmapped')) blank += 1;
    else if (states.length === 0 && !knownEmpty.includes(integration)) counted += 1;
  }
  return { counted, blank };
}

function inSeconds(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
