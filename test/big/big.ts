import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { sumExact } from '../../lambdas/report/exact-sum.ts';
import { readCollection } from '../../lambdas/run/collection-file.ts';
import { readReport } from '../../lambdas/run/report-file.ts';
import { stepFunctions } from '../../lambdas/steps/index.ts';
import { COLUMNS, generate, RUN_ID } from './generate.ts';
import { KILLED, measuredRun, type Place, type Taken } from './measured-run.ts';
import { Served } from './messages.ts';

/*
 * `npm run test:big [-- --companies N --units N --vendors ID,ID|all]`: a large MSP through the state machine, each call
 * of a step with the memory that its function has. The first run has generated collections of all vendors with 400
 * columns; in the second, collectors read the sandbox's vendors, and the agreements of a PSA. `--units` is how many
 * devices the companies have together; each vendor counts some of them. Ends with 1 if a step fails or needs more
 * memory than it has, or if a unit got lost.
 */

const { values } = parseArgs({
  options: {
    companies: { type: 'string', default: '5000' },
    units: { type: 'string', default: '500000' },
    vendors: { type: 'string', default: 'ninjaone' },
  },
});
const [companies, units] = [Number(values.companies), Number(values.units)];

/** Whose agreements are read, and where the ticket is opened. */
const PSA = 'connectwise-psa';

const registry = await loadRegistry();
const functions = stepFunctions(registry);
const vendors = values.vendors === 'all' ? registry.collectors.map(({ id }) => id) : values.vendors.split(',');
const faults: string[] = [];

/** The steps after the collectors, with the most columns. */
async function generated(place: Place): Promise<void> {
  const made = await generate(place.config, place.out, companies, units);
  console.log(`Generated: ${companies} companies, ${made.columns} columns, ${made.units} units`);
  await run(place);
  await compareReport(place, made.units);
  if (made.columns < COLUMNS) faults.push(`only ${made.columns} columns`);
}

/** All steps: vendors, agreements, units by name, the ticket. */
async function collected(place: Place): Promise<void> {
  const sandbox = await startSandbox(place.config);
  console.log(`Collected: ${companies} companies with ${units} devices at ${vendors.length} vendors`);
  try {
    await run({ ...place, sandbox: sandbox.origin });
  } finally {
    sandbox.stop();
  }
  const { objects } = directoryPlatform(place);
  const read: number[] = [];
  for (const [id, expected] of Object.entries(sandbox.units)) {
    const collection = await readCollection(objects, RUN_ID, id);
    const found = unitsIn(collection?.customers.flatMap(({ counts }) => Object.values(counts)) ?? []);
    read.push(found);
    if (found !== expected) faults.push(`${id} has ${expected} units, and ${found} were read`);
  }
  await compareReport(place, sumExact(read));
}

async function startSandbox(config: string): Promise<z.output<typeof Served> & { stop: () => void }> {
  const script = fileURLToPath(new URL('sandbox.ts', import.meta.url));
  const words = [script, config, String(companies), String(units), PSA, ...vendors];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    return { ...z.parse(Served, JSON.parse(line)), stop: () => child.stdin.end() };
  }
  throw new Error('the sandbox ended before it served');
}

/** Takes a run through the state machine, and prints what its functions took and which files it wrote. */
async function run(place: Place): Promise<void> {
  const { execution, taken } = await measuredRun(functions, place, RUN_ID);
  console.table([...taken].map(([name, each]) => rowOf(name, each)));
  if (execution.status === 'failed') faults.push(`the run failed: ${execution.error}: ${execution.cause}`);
  for (const [name, { failure, megabytes, memoryMegabytes }] of taken) {
    if (failure !== undefined) faults.push(`${name} failed: ${failure.name}: ${failure.message}`);
    if (megabytes > memoryMegabytes) faults.push(`${name} took ${megabytes} MB of ${memoryMegabytes}`);
  }
  const folder = join(place.out, RUN_ID);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { size } = await stat(join(folder, entry.name));
    console.log(`${entry.name.padEnd(24)} ${(size / 1024 / 1024).toFixed(1).padStart(8)} MiB`);
  }
}

const rowOf = (name: string, taken: Taken): Record<string, string | number> => ({
  Function: name,
  'Peak MB': taken.failure?.name === KILLED ? 'too many' : taken.megabytes,
  'of MB': taken.memoryMegabytes,
  'MB before': taken.megabytesBefore,
  'Processor (s)': Number(taken.processorSeconds.toFixed(1)),
  'Answer (bytes)': taken.bytes,
  Calls: taken.calls,
  Lifetimes: taken.lifetimes,
  'Time at vendors (s)': Math.round(taken.seconds),
});

/** Each collected unit must be in a cell, or with a customer that has no row. */
async function compareReport(place: Place, expected: number): Promise<void> {
  const report = await readReport(directoryPlatform(place).objects, RUN_ID);
  if (report === undefined) return;
  const { columns, unmapped, ambiguous, withheld } = report;
  const cells = report.rows.flatMap((row) => columns.map(({ title }) => row.cells.get(title)));
  const shown = cells.flatMap((cell) => (cell?.state === 'counted' ? cell.value : []));
  const others = [...unmapped, ...ambiguous, ...withheld].flatMap(({ counts }) => Object.values(counts));
  const kept = sumExact([unitsIn(shown), unitsIn(others)]);
  if (kept !== expected) faults.push(`${expected} units were collected and ${kept} are in the report`);
}

function unitsIn(counts: readonly (number | string)[]): number {
  return sumExact(counts.filter((count) => typeof count === 'number'));
}

const root = await mkdtemp(join(tmpdir(), 'big-'));
const placeIn = (folder: string): Place => ({ config: join(root, folder, 'config'), out: join(root, folder, 'out') });
try {
  await generated(placeIn('generated'));
  await collected(placeIn('collected'));
} finally {
  await rm(root, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
