import { performance } from 'node:perf_hooks';
import { loadRegistry } from '../../lambdas/registry.ts';
import { peakMegabytes } from '../peak-memory.ts';
import { type DemoMsp, demoMsp } from '../sandbox/demo-msp.ts';
import type { TicketServer } from '../sandbox/vendor.ts';
import { readAll, sourceRig } from '../sources/source-rig.ts';

/** Reads what one PSA of a large MSP bills, in a process of its own, and prints what it took, as JSON. */
const [id = '', companies = '500', scale = '2'] = process.argv.slice(2);
const { sources } = await loadRegistry();
const source = sources.find((each) => each.id === id);
if (source === undefined) throw new Error(`no source ${id}`);

/** Seconds that a PSA takes for an answer. */
const LATENCY = 0.5;
const AGREEMENTS_EACH = 3;

const psa: { default: (msp: DemoMsp, now: () => number) => TicketServer } = await import(
  `../sandbox/psa-apis/${id}.ts`
);
const msp = { ...demoMsp(Number(companies), Number(scale)), agreementsEach: AGREEMENTS_EACH };
const rig = sourceRig(source, psa.default, msp);
const before = process.memoryUsage().rss;
const began = performance.now();
let lifetimes = 0;
const { customers, lines, receipt } = await readAll(rig, { latency: LATENCY, lives: (count) => (lifetimes = count) });
// As many as the PSA makes of them: a child more, or one a line; ConnectWise also has some whose lines have all ended.
const billed = new Set(lines.flatMap(({ agreement }) => agreement?.id ?? []));
const listed = receipt.lists.find(({ list }) => list.endsWith('/finance/agreements'));
console.log(
  JSON.stringify({
    id,
    customers: customers.length,
    agreements: listed?.distinct ?? billed.size,
    lines: lines.length,
    emptyLists: receipt.lists.filter(({ rows }) => rows === 0).length,
    calls: rig.requests.length,
    lifetimes,
    seconds: rig.clock.elapsed() / 1000,
    milliseconds: Math.round(performance.now() - began),
    // The sandbox lives in the same process, so this is more than the source alone would need.
    megabytes: peakMegabytes(),
    megabytesBefore: Math.round(before / 1024 / 1024),
  }),
);
