import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { stepsOf } from '../../scripts/local/steps.ts';
import { demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { startSandbox } from '../sandbox/server.ts';
import { RUNS } from './options.ts';
import { note } from './ratios.ts';

/*
 * `npm run bench:units`: what it costs to keep every device by name. The collectors with the most units read about
 * 50,000 devices, each in a process with a tight heap, with and without `"units": "off"`; ends with 1 where memory
 * grows by more than a tenth. And what ten times the devices cost where a vendor gives them in one answer; ends with 1
 * where memory grows by more than three tenths.
 */

const COLLECTORS = ['ninjaone', 'datto-rmm', 'connectwise-asio'];
const MOST_GROWTH = { named: 0.1, tenfold: 0.3 };
/** It gives all devices in one answer. */
const IN_ONE_ANSWER = 'connectwise-asio';
/** So tight that what is held counts, and not the garbage that nobody had to collect yet. */
const HEAP_MEGABYTES = 96;

const run = promisify(execFile);
const script = fileURLToPath(new URL('units-one.ts', import.meta.url));
const Measured = z.object({ milliseconds: z.number(), megabytes: z.number() });

/** An MSP and whom it meets; `scale` is by how much its customers are larger than small ones. */
async function estateOf(companies: number, scale: number) {
  const msp = demoMsp(companies, scale);
  const [vendors, psas] = await Promise.all([loadVendors(msp), loadPsas(msp)]);
  return { name: `${companies}-${scale}`, msp, vendors, psas };
}
type Estate = Awaited<ReturnType<typeof estateOf>>;

const root = await mkdtemp(join(tmpdir(), 'units-'));
const steps = stepsOf(await loadRegistry());
const table: Record<string, string | number>[] = [];
const tenfold: Record<string, string | number>[] = [];
let isTooMuch = false;
try {
  const estate = await estateOf(670, 2);
  for (const id of COLLECTORS) {
    const measures = { off: await measured(id, 'off', estate), named: await measured(id, 'named', estate) };
    const growth = measures.named.megabytes / measures.off.megabytes - 1;
    isTooMuch ||= growth > MOST_GROWTH.named;
    note(`${id}: memory with names / without`, 1 + growth, 1 + MOST_GROWTH.named);
    table.push({
      Collector: id,
      'Units (devices)': unitsAt(id, estate),
      'MB without': Math.round(measures.off.megabytes),
      'MB with': Math.round(measures.named.megabytes),
      'Growth (%)': Math.round(growth * 1000) / 10,
      'Seconds without': Math.round(measures.off.milliseconds / 100) / 10,
      'Seconds with': Math.round(measures.named.milliseconds / 100) / 10,
    });
  }
  const peaks: number[] = [];
  for (const scale of [2, 20]) {
    const grown = await estateOf(500, scale);
    const { milliseconds, megabytes } = await measured(IN_ONE_ANSWER, 'named', grown);
    peaks.push(megabytes);
    tenfold.push({
      Collector: IN_ONE_ANSWER,
      'Units (devices)': unitsAt(IN_ONE_ANSWER, grown),
      MB: Math.round(megabytes),
      Seconds: Math.round(milliseconds / 100) / 10,
    });
  }
  const [small = 0, large = 0] = peaks;
  isTooMuch ||= large / small > 1 + MOST_GROWTH.tenfold;
  note(`${IN_ONE_ANSWER}: memory at ten times the devices`, large / small, 1 + MOST_GROWTH.tenfold);
} finally {
  await rm(root, { recursive: true });
}
console.table(table);
console.table(tenfold);
process.exitCode = isTooMuch ? 1 : 0;

/** The median of some runs: the peak of one depends on when garbage is collected. */
async function measured(
  id: string,
  units: 'named' | 'off',
  { name, msp, vendors, psas }: Estate,
): Promise<z.output<typeof Measured>> {
  const config = join(root, `${id}-${units}-${name}`);
  const demo = demoConfiguration(msp, vendors, psas);
  await writeDemoConfiguration(config, { ...demo, report: { ...demo.report, units } });
  const all: z.output<typeof Measured>[] = [];
  for (let attempt = 0; attempt < RUNS; attempt += 1) {
    const out = join(root, `out-${id}-${units}-${name}-${attempt}`);
    const input = JSON.stringify(await inputOf(id, config, out));
    // A vendor that has met nobody yet, whose time passes with each look at the clock: nobody waits for a limit.
    const sandbox = await startSandbox(await loadVendors(msp, hurried()));
    const words = [`--max-old-space-size=${HEAP_MEGABYTES}`, script, id, config, out, sandbox.url.origin, input];
    const { stdout } = await run(process.execPath, words, { maxBuffer: 1 << 24 }).finally(() => sandbox.stop());
    all.push(z.parse(Measured, JSON.parse(stdout)));
  }
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  return {
    milliseconds: middle(all.map(({ milliseconds }) => milliseconds)),
    megabytes: middle(all.map(({ megabytes }) => megabytes)),
  };
}

function hurried(): () => number {
  let now = Date.now();
  return () => {
    now += 250;
    return now;
  };
}

/** What the state machine hands to the collector. */
async function inputOf(id: string, config: string, out: string): Promise<unknown> {
  const platform = directoryPlatform({ config, out });
  const invocation = { deadline: platform.clock.now() + 60_000 };
  const play = (name: string, input: unknown): Promise<unknown> => {
    const step = steps.get(name);
    if (step === undefined) throw new Error(`no step ${name}`);
    return step(input, platform, invocation);
  };
  const startedAt = new Date(platform.clock.now()).toISOString();
  const theRun = await play('check-running-org', {
    input: { runId: 'units', only: [id], deliver: 'none' },
    execution: { name: 'units', startedAt },
  });
  const { integrations } = z.parse(
    z.looseObject({ integrations: z.array(z.looseObject({ id: z.string() })) }),
    await play('get-integration-ids', { run: theRun }),
  );
  return { run: theRun, integration: integrations.find((each) => each.id === id) };
}

function unitsAt(id: string, { vendors }: Estate): number {
  const cells =
    vendors.find((vendor) => vendor.id === id)?.customers.flatMap((each) => Object.values(each.cells)) ?? [];
  return cells.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0);
}
