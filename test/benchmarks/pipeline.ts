import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { AS_OF, generate, RUN_ID } from '../big/generate.ts';
import { preparePython } from '../python-environment.ts';
import { BASE, COMPANIES } from './options.ts';
import { note } from './ratios.ts';

/*
 * `npm run bench:pipeline -- [--companies N] [--base DIR]`: what the steps from configuration to log take for one
 * generated MSP, each in a process of its own. `--base` measures another build as well and prints ratios; polars,
 * DuckDB and pandas make the table of counts from the same collections. Processor time is what counts: the clock shows
 * what else runs.
 */

const run = promisify(execFile);
const here = fileURLToPath(new URL('../../', import.meta.url));
const builds = [...(BASE === undefined ? [] : [['base', BASE]]), ['this build', here]] as const;
const player = fileURLToPath(new URL('play-step.ts', import.meta.url));
const root = await mkdtemp(join(tmpdir(), 'bench-'));
const config = join(root, 'config');

const Measured = z.object({
  seconds: z.number(),
  processorSeconds: z.number(),
  megabytes: z.number(),
  answer: z.optional(z.unknown()),
});
type Measured = z.output<typeof Measured>;

/** V8 grows its heap as it likes up to a share of the machine's memory; a limit shows what the work needs. */
const SMALL_HEAP = '--max-old-space-size=256';
const SMALL_HEAP_STEP = 'consolidate, heap of 256 MB';

async function play(build: string, out: string, step: string, input: unknown, flags: string[] = []): Promise<Measured> {
  const { stdout } = await run(
    process.execPath,
    [...flags, player, build, config, out, JSON.stringify([[step, input]])],
    { maxBuffer: 1 << 28 },
  );
  return z.parse(Measured, JSON.parse(stdout));
}

/** The steps that a run with mail delivery has after collecting, in their order; answers go from one to the next. */
async function pipeline(build: string, out: string, integrations: readonly string[]): Promise<Map<string, Measured>> {
  const taken = new Map<string, Measured>();
  const step = async (name: string, input: unknown): Promise<unknown> => {
    const measured = await play(build, out, name, input);
    taken.set(name, measured);
    return measured.answer;
  };
  const started = { input: { runId: RUN_ID }, execution: { name: RUN_ID, startedAt: AS_OF } };
  const theRun = await step('check-running-org', started);
  const plan = await step('get-integration-ids', { run: theRun });
  const collections = integrations.map((integration) => ({
    integration,
    reads: 'counts',
    status: 'partial',
    key: `runs/${RUN_ID}/collections/${integration}.json`,
  }));
  const report = await step('consolidate', { run: theRun, collections });
  await step('find-changes', { run: theRun, report });
  const files = await step('create-csv', { run: theRun, report });
  await step('create-workbook', { run: theRun, report });
  const delivery = await step('send-email-with-attachment', { run: theRun, report, files });
  await step('build-automation-log', {
    state: { ...started, run: theRun, plan, collections, report, files, delivery },
  });
  await rm(join(out, RUN_ID, 'report.json'));
  taken.set(
    SMALL_HEAP_STEP,
    await play(build, out, 'consolidate', { run: theRun, collections }, [SMALL_HEAP]).catch(() => NEVER),
  );
  return taken;
}

/** A step that ran out of memory. */
const NEVER: Measured = { seconds: Number.NaN, processorSeconds: Number.NaN, megabytes: Number.NaN };

/** Names of steps whose times together are one figure. */
type Figure = readonly [figure: string, steps: readonly string[]];
const FIGURES: readonly [Figure, Figure] = [
  ['collections to report.json and report.csv', ['consolidate', 'create-csv']],
  [
    'get-integration-ids to log, without changes and workbook',
    ['get-integration-ids', 'consolidate', 'create-csv', 'send-email-with-attachment', 'build-automation-log'],
  ],
];

const rounded = (value: number): number | string => (Number.isNaN(value) ? 'out of memory' : Number(value.toFixed(2)));

function together(taken: ReadonlyMap<string, Measured>, steps: readonly string[]): Measured {
  const each = steps.map((step) => taken.get(step) ?? NEVER);
  return {
    seconds: each.reduce((sum, { seconds }) => sum + seconds, 0),
    processorSeconds: each.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0),
    megabytes: Math.max(...each.map(({ megabytes }) => megabytes)),
  };
}

const PEERS = ['polars', 'duckdb', 'pandas'];

/** None where Python is missing. */
async function peers(folder: string, integrations: readonly string[]): Promise<ReadonlyMap<string, Measured>> {
  const environment = join(tmpdir(), 'billing-count-report-bench');
  const file = (name: string) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));
  const lacking = preparePython(environment, file('requirements.txt'), 'polars, DuckDB and pandas cannot be installed');
  if (lacking !== undefined) {
    console.log(`The peers are left out: ${lacking}.`);
    return new Map();
  }
  const taken = new Map<string, Measured>();
  for (const name of PEERS) {
    const args = [file(`${name}_report.py`), config, folder, integrations.join(',')];
    const { stdout } = await run(join(environment, 'bin', 'python'), args);
    taken.set(name, z.parse(Measured, JSON.parse(stdout)));
  }
  return taken;
}

/** The ratios that have a target. */
function noteRatios(
  taken: ReadonlyMap<string, ReadonlyMap<string, Measured>>,
  others: ReadonlyMap<string, Measured>,
): void {
  const [[made, making], [logged, logging]] = FIGURES;
  const base = taken.get('base');
  const ours = (steps: readonly string[]) => together(taken.get('this build') ?? new Map(), steps);
  const overBase = (what: 'processorSeconds' | 'megabytes', steps: readonly string[], of = steps) =>
    base === undefined ? undefined : ours(steps)[what] / together(base, of)[what];
  note(`${made}: processor / base`, overBase('processorSeconds', making), 0.25);
  note(`${made}: memory / base`, overBase('megabytes', making), 0.45);
  note(`${SMALL_HEAP_STEP}: memory / base without a limit`, overBase('megabytes', [SMALL_HEAP_STEP], making), 0.45);
  const peers = [...others.values()].map(({ processorSeconds }) => processorSeconds);
  const overPeer = peers.length === 0 ? undefined : ours(making).processorSeconds / Math.min(...peers);
  note(`${made}: processor / fastest peer`, overPeer, 0.8);
  note(`${logged}: processor / base`, overBase('processorSeconds', logging), 0.3);
}

try {
  const out = join(root, 'out');
  const made = await generate(config, out, COMPANIES);
  console.log(
    `${COMPANIES} companies, ${made.columns} columns, ${made.vendors.length} vendors; ` +
      `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${new Date().toISOString().slice(0, 10)}`,
  );
  const taken = new Map<string, Map<string, Measured>>();
  for (const [name, build] of builds) {
    const folder = join(root, name);
    await cp(out, folder, { recursive: true });
    taken.set(name, await pipeline(build, folder, made.vendors));
  }
  const [first] = taken.values();
  const names = [...(first?.keys() ?? [])].map((step) => [step, [step]] as const);
  const rows = [...names, ...FIGURES].map(([figure, steps]) => {
    const row: Record<string, string | number> = { Work: figure };
    for (const [name, steps_] of taken) {
      const { processorSeconds, megabytes } = together(steps_, steps);
      row[`${name}, processor (s)`] = rounded(processorSeconds);
      row[`${name}, peak MB`] = rounded(megabytes);
    }
    const [base, changed] = [...taken.values()].map((each) => together(each, steps));
    if (base !== undefined && changed !== undefined) {
      row['processor ratio'] = rounded(changed.processorSeconds / base.processorSeconds);
      row['memory ratio'] = rounded(changed.megabytes / base.megabytes);
    }
    return row;
  });
  console.table(rows);
  const others = await peers(join(out, RUN_ID), made.vendors);
  console.table(
    [...others].map(([name, { processorSeconds, megabytes }]) => ({
      ...{ Peer: name, 'processor (s)': rounded(processorSeconds), 'peak MB': megabytes },
    })),
  );
  noteRatios(taken, others);
} finally {
  await rm(root, { recursive: true, force: true });
}
