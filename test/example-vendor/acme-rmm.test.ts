import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import { consolidate } from '../../lambdas/report/consolidate.ts';
import { collectorContract } from '../collectors/contract.ts';
import { bench, collection } from '../collectors/run.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import sandbox from './acme-rmm.sandbox.ts';
import acme from './acme-rmm.ts';

describe('a vendor written by the page alone', () => {
  collectorContract(acme, sandbox);

  it('stands to the right of the others in the report and moves no column of theirs', async () => {
    const { collectors } = await loadRegistry();
    const settings = {
      runId: 'r',
      asOf: '2026-11-22T06:30:00Z',
      timeZone: 'UTC',
      managingOrganization: demoMsp().managing,
      organizations: [],
    };
    const titles = (report: ReturnType<typeof consolidate>) => report.columns.map(({ title }) => title);
    const before = titles(consolidate({ ...settings, catalog: collectors, outcomes: [] }));
    const collected = await collection(await bench(acme, demoMsp(), sandbox));
    const outcomes = [{ integration: acme.id, outcome: 'collected' as const, collection: collected }];
    const after = titles(consolidate({ ...settings, catalog: [...collectors, acme], outcomes }));
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length)).toEqual(['Acme Workstations', 'Acme Servers']);
  });
});
