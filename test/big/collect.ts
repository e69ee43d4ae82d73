import { performance } from 'node:perf_hooks';
import ninjaone from '../../lambdas/collectors/ninjaone.ts';
import { bench, collection } from '../collectors/run.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxVendor } from '../sandbox/vendor.ts';
import { COMPANIES, DEVICES } from './generate.ts';

/** A fleet of half a million devices in pages of 1000, made as they are asked for: the collector alone is measured. */
const before = process.memoryUsage().rss;
const began = performance.now();
const body = <R extends { id: number }>(last: number, size: number, most: number, row: (id: number) => R): R[] =>
  Array.from({ length: Math.max(0, Math.min(size, most - last)) }, (_, index) => row(last + index + 1));

const vendor: SandboxVendor = {
  id: 'ninjaone',
  answers: () => true,
  secret: { region: 'eu', clientId: 'id', clientSecret: 'a secret' },
  configuration: {},
  customers: [],
  handle({ path, query }) {
    if (path.endsWith('/token')) return { status: 200, body: { access_token: 'a'.repeat(40), expires_in: 3600 } };
    const last = Number(query.get('after') ?? 0);
    const size = Number(query.get('pageSize'));
    const rows = path.endsWith('/organizations')
      ? body(last, size, COMPANIES, (id) => ({ id, name: `Company ${id}` }))
      : body(last, size, DEVICES, (id) => ({
          id,
          organizationId: 1 + (id % COMPANIES),
          nodeClass: id % 9 === 0 ? 'WINDOWS_SERVER' : 'WINDOWS_WORKSTATION',
          approvalStatus: 'APPROVED',
          systemName: `DESKTOP-${id}`,
          created: 1_700_000_000,
        }));
    return { status: 200, body: rows };
  },
};

const { customers, receipt } = await collection(await bench(ninjaone, demoMsp(1), () => vendor));
const devices = customers
  .flatMap(({ counts }) => Object.values(counts))
  .reduce<number>((sum, value) => sum + Number(value), 0);
console.log(
  JSON.stringify({
    answer: { customers: customers.length, devices, requests: receipt.requests },
    milliseconds: Math.round(performance.now() - began),
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    megabytesBefore: Math.round(before / 1024 / 1024),
  }),
);
