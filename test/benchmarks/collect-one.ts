import { performance } from 'node:perf_hooks';
import { loadRegistry } from '../../lambdas/registry.ts';
import { sumExact } from '../../lambdas/report/exact-sum.ts';
import { bench, collection } from '../collectors/run.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';

/** Collects from one vendor of a large MSP in a process of its own and prints what it took, as JSON. */
const [id = '', companies = '500', scale = '2'] = process.argv.slice(2);
const { collectors } = await loadRegistry();
const collector = collectors.find((one) => one.id === id);
if (collector === undefined) throw new Error(`no collector ${id}`);

const of = await bench(collector, demoMsp(Number(companies), Number(scale)));
const before = process.memoryUsage().rss;
const began = performance.now();
const { customers, receipt } = await collection(of);
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
    milliseconds: Math.round(performance.now() - began),
    // The sandbox lives in the same process, so this is more than the collector alone would need.
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    megabytesBefore: Math.round(before / 1024 / 1024),
  }),
);
