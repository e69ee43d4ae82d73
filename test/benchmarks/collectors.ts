import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { loadRegistry } from '../../lambdas/registry.ts';
import { ESTATE } from './options.ts';
import { note } from './ratios.ts';

/** Every collector against its sandbox vendor at 500 companies, one process each; prints a table. */
const run = promisify(execFile);
const script = fileURLToPath(new URL('collect-one.ts', import.meta.url));

const Measured = z.object({
  id: z.string(),
  customers: z.int(),
  units: z.number(),
  requests: z.int(),
  rows: z.int(),
  vendorSeconds: z.number(),
  boundSeconds: z.number(),
  milliseconds: z.int(),
  megabytes: z.int(),
  megabytesBefore: z.int(),
});

/**
 * Vendors with numbered pages, which are requested at the same time: the wait should be close to the least possible.
 */
const NUMBERED = ['it-glue', 'pax8', 'auvik', 'datto-rmm'];
const MOST_WAITED = 1.2;

const { collectors } = await loadRegistry();
const rows: Record<string, string | number>[] = [];
for (const { id } of collectors) {
  const { stdout } = await run(process.execPath, [script, id, ...ESTATE], { maxBuffer: 1 << 24 });
  const measured = z.parse(Measured, JSON.parse(stdout));
  const waited = measured.vendorSeconds / measured.boundSeconds;
  if (NUMBERED.includes(id)) note(`${id}: waited / least time by its limits`, waited, MOST_WAITED);
  rows.push({
    Integration: id,
    Customers: measured.customers,
    'Counted units': measured.units,
    Requests: measured.requests,
    Rows: measured.rows,
    'Waited (s)': measured.vendorSeconds,
    'Waited / bound': Number(waited.toFixed(2)),
    'Worked (ms)': measured.milliseconds,
    'Peak MB (sandbox included)': measured.megabytes,
    'MB before': measured.megabytesBefore,
  });
}
console.table(rows);
