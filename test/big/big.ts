import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import type { WholeReport } from '../../lambdas/run/report-file.ts';
import { AS_OF, COLUMNS, COMPANIES, DEVICES, generate, RUN_ID } from './generate.ts';

/*
 * `npm run test:big`: a generated MSP through consolidate, CSV, mail and log, each step in a process that has what its Lambda
 * has. Ends with 1 where a step needs more, where an answer is too large to travel, or where a unit got lost.
 */

/** Megabytes of a Lambda, and what Node may use of them for objects that live long. */
const SMALL = { lambda: 512, heap: 256 };
/** What compares the whole report with the last one, or lays it out for people, holds it more than once. */
const LARGE = { lambda: 1024, heap: 700 };

/** Bytes that pass between two states. */
const STATE_LIMIT = 262_144;

const run = promisify(execFile);
const script = (name: string) => fileURLToPath(new URL(`${name}.ts`, import.meta.url));
const root = await mkdtemp(join(tmpdir(), 'big-'));
const [config, out] = [join(root, 'config'), join(root, 'out')];

const Measured = z.object({
  answer: z.unknown(),
  milliseconds: z.number(),
  megabytes: z.number(),
  megabytesBefore: z.number(),
});

const faults: string[] = [];
const table: Record<string, string | number>[] = [];

const play = (step: string, input: unknown, size = SMALL): Promise<unknown> =>
  measured(step, 'step', [step, config, out, JSON.stringify(input)], size);

async function measured(step: string, program: string, words: readonly string[], size = SMALL): Promise<unknown> {
  const { stdout } = await run(process.execPath, [`--max-old-space-size=${size.heap}`, script(program), ...words], {
    maxBuffer: 1 << 28,
  });
  const { answer, milliseconds, megabytes, megabytesBefore } = z.parse(Measured, JSON.parse(stdout));
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  table.push({
    Step: step,
    ms: milliseconds,
    'peak MB': megabytes,
    'MB before': megabytesBefore,
    'answer (bytes)': bytes,
  });
  if (megabytes > size.lambda) faults.push(`${step} took ${megabytes} MB of ${size.lambda}`);
  if (bytes > STATE_LIMIT) faults.push(`${step} answered ${bytes} bytes of ${STATE_LIMIT}`);
  return answer;
}

try {
  const collected = z.parse(z.object({ devices: z.number() }), await measured('collector-ninjaone', 'collect', []));
  if (collected.devices !== DEVICES) faults.push(`${collected.devices} of ${DEVICES} devices were collected`);
  const made = await generate(config, out);
  const started = { input: { runId: RUN_ID }, execution: { name: RUN_ID, startedAt: AS_OF } };
  const theRun = await play('check-running-org', started);
  const plan = await play('get-integration-ids', { run: theRun });
  const collections = made.vendors.map((integration) => ({
    integration,
    reads: 'counts',
    status: 'partial',
    key: `runs/${RUN_ID}/collections/${integration}.json`,
  }));
  const report = await play('consolidate', { run: theRun, collections });
  await play('find-changes', { run: theRun, report }, LARGE);
  const files = await play('create-csv', { run: theRun, report });
  await play('create-workbook', { run: theRun, report }, LARGE);
  const delivery = await play('send-email-with-attachment', { run: theRun, report, files });
  await play('build-automation-log', {
    state: { ...started, run: theRun, plan, collections, report, files, delivery },
  });
  console.table(table);
  for (const name of [
    'report.json',
    'report.csv',
    'report.xlsx',
    'report.html',
    'unmapped.csv',
    'automation-log.json',
    'result.json',
    'email.eml',
  ]) {
    console.log(`${name.padEnd(20)} ${((await stat(join(out, RUN_ID, name))).size / 1024 / 1024).toFixed(1)} MiB`);
  }
  const whole: WholeReport = JSON.parse(await readFile(join(out, RUN_ID, 'report.json'), 'utf8'));
  const units = [...shown(whole), ...whole.unmapped, ...whole.ambiguous, ...whole.withheld]
    .flatMap(({ counts }) => Object.values(counts))
    .reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0);
  console.log(
    `${COMPANIES} companies, ${made.vendors.length} vendors, ${DEVICES} devices, ${made.columns} columns, ${units} units`,
  );
  if (units !== made.units) faults.push(`${made.units} units were collected and ${units} are in the report`);
  if (made.columns < COLUMNS || whole.columns.length < COLUMNS) faults.push(`only ${whole.columns.length} columns`);
  if (whole.rows.length !== COMPANIES + 1) faults.push(`${whole.rows.length} rows for ${COMPANIES} companies`);
} finally {
  await rm(root, { recursive: true, force: true });
}

/** The cells of the rows as counts. */
function* shown({ rows }: WholeReport): Generator<{ counts: Record<string, number | string> }> {
  for (const { cells } of rows) {
    for (const [title, cell] of Object.entries(cells)) {
      if (cell.state === 'counted') yield { counts: { [title]: cell.value } };
    }
  }
}

for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
