import { performance } from 'node:perf_hooks';
import { loadRegistry } from '../../lambdas/registry.ts';
import { sumExact } from '../../lambdas/report/exact-sum.ts';
import type { Limit } from '../../lambdas/wire/limit.ts';
import { bench, collection, limitOf } from '../collectors/run.ts';
import { peakMegabytes } from '../peak-memory.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';

/** Collects from one vendor of a large MSP in a process of its own and prints what it took, as JSON. */
const [id = '', companies = '500', scale = '2'] = process.argv.slice(2);
const { collectors } = await loadRegistry();
const collector = collectors.find((candidate) => candidate.id === id);
if (collector === undefined) throw new Error(`no collector ${id}`);

/** Seconds that a vendor takes for an answer. */
const LATENCY = 0.3;

const of = await bench(collector, demoMsp(Number(companies), Number(scale)));
const before = process.memoryUsage().rss;
const began = performance.now();
const { customers, receipt } = await collection(of, { latency: LATENCY });
const units = sumExact(
  customers.flatMap(({ counts }) => Object.values(counts).filter((value) => typeof value === 'number')),
);
console.log(
  JSON.stringify({
    id,
    customers: customers.length,
    units,
    requests: receipt.requests,
    rows: receipt.rows,
    vendorSeconds: of.clock.elapsed() / 1000,
    boundSeconds: leastSeconds(receipt.requests, limitOf(of)),
    milliseconds: Math.round(performance.now() - began),
    // The sandbox lives in the same process, so this is more than the collector alone would need.
    megabytes: peakMegabytes(),
    megabytesBefore: Math.round(before / 1024 / 1024),
  }),
);

/**
 * No sooner can so many requests have been answered: neither with every place taken all the time, nor by the vendor's
 * rate.
 */
function leastSeconds(
  calls: number,
  { concurrency, requests = Number.POSITIVE_INFINITY, perSeconds = 0 }: Limit,
): number {
  const full = Math.ceil(calls / concurrency) * LATENCY;
  const windows = Math.floor((calls - 1) / requests) * perSeconds + LATENCY;
  return Math.max(full, windows);
}
