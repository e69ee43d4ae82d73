import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { loadRegistry } from '../../lambdas/registry.ts';
import { ESTATE } from './options.ts';

/**
 * Every source of billed lines against its sandbox PSA at 500 companies with three agreements each, one process each.
 */
const run = promisify(execFile);
const script = fileURLToPath(new URL('read-one.ts', import.meta.url));

const Measured = z.object({
  id: z.string(),
  customers: z.int(),
  agreements: z.int(),
  lines: z.int(),
  emptyLists: z.int(),
  calls: z.int(),
  lifetimes: z.int(),
  seconds: z.number(),
  milliseconds: z.int(),
  megabytes: z.int(),
  megabytesBefore: z.int(),
});
type Measured = z.output<typeof Measured>;

const pages = (rows: number, size: number): number => Math.ceil(rows / size);

/**
 * Calls that the cheapest plan of each API takes, with its largest pages; a few stand for signing in and short lists.
 */
const PLANS: Readonly<Record<string, { plan: string; calls: (size: Measured) => number }>> = {
  'connectwise-psa': {
    plan: 'lists of 1,000; one call an agreement',
    calls: ({ customers, agreements }) => pages(customers, 1000) + 2 * pages(agreements, 1000) + 4 + agreements,
  },
  'datto-psa': {
    plan: 'queries of 500 rows, each with its count',
    calls: ({ customers, agreements, lines }) =>
      pages(customers, 500) + 3 * pages(agreements, 500) + 2 * pages(lines, 500) + pages(agreements, 500) + 12,
  },
  freshdesk: {
    plan: 'pages of 100 records and companies',
    calls: ({ customers, lines }) => pages(customers, 100) + pages(lines, 100) + 3,
  },
  halopsa: {
    plan: 'pages of 50 recurring invoices with their lines, of 100 clients',
    calls: ({ customers, agreements }) => pages(customers, 100) + pages(agreements, 50) + 2,
  },
  'kaseya-bms': {
    plan: 'pages of 100 accounts, contracts, services, invoices and their lines',
    calls: ({ customers, agreements, lines }) =>
      pages(customers, 100) + 2 * pages(agreements, 100) + 2 * pages(lines, 100) + 30,
  },
  ninjaone: {
    plan: 'one call an agreement, in turn',
    calls: ({ customers, agreements }) => pages(customers, 1000) + agreements + 7,
  },
  servicenow: {
    plan: 'pages of 1,000 rows',
    calls: ({ customers, lines }) => pages(customers, 1000) + pages(lines, 1000) + 3,
  },
  superops: {
    plan: 'pages of 100 contracts and clients',
    calls: ({ customers, agreements }) => pages(customers, 100) + pages(agreements, 100) + 3,
  },
};

const { sources } = await loadRegistry();
const rows: Record<string, string | number>[] = [];
for (const { id } of sources) {
  const { stdout } = await run(process.execPath, [script, id, ...ESTATE], { maxBuffer: 1 << 24 });
  const measured = z.parse(Measured, JSON.parse(stdout));
  const { plan, calls } = PLANS[id] ?? { plan: 'none is written down', calls: () => 0 };
  // A list that is empty is believed when it comes twice.
  const planned = calls(measured) + measured.emptyLists;
  if (measured.calls > planned) process.exitCode = 1;
  rows.push({
    Source: id,
    Customers: measured.customers,
    Agreements: measured.agreements || 'has none',
    Lines: measured.lines,
    Calls: measured.calls,
    'By plan': planned,
    Plan: plan,
    'At 0.5 s a call (s)': measured.seconds,
    'Lifetimes of 880 s': measured.lifetimes,
    'Worked (ms)': measured.milliseconds,
    'Peak MB (sandbox included)': measured.megabytes,
    'MB before': measured.megabytesBefore,
  });
}
console.table(rows);
