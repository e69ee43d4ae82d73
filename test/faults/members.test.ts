import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import acmeVendor from '../example-vendor/acme-rmm.sandbox.ts';
import acme from '../example-vendor/acme-rmm.ts';
import { Rig } from './fault-rig.ts';
import { type Spoiled, spoilMembers, table } from './matrix.ts';
import { spoilRows } from './odd-rows.ts';

/** Every vendor of the folder, and one written only from the documentation page; no vendor gets special treatment. */
const { collectors } = await loadRegistry();
const vendors = [...collectors.map((collector) => ({ collector })), { collector: acme, make: acmeVendor }];
const everywhere = new Map<string, Spoiled>();
const inOneRow = new Map<string, Spoiled>();

describe.each(vendors.map((vendor) => [vendor.collector.id, vendor] as const))('%s', (id, { collector, ...of }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.for(collector, 'make' in of ? of.make : undefined);
  });

  it('tells no wrong number without saying so where a member goes wrong', async () => {
    const result = await spoilMembers(rig);
    everywhere.set(id, result);
    expect(result.wrong).toEqual([]);
  });

  it('loses by one odd row what it speaks of, and no number of anybody else', async () => {
    const result = await spoilRows(rig);
    inOneRow.set(id, result);
    expect(result.wrong).toEqual([]);
  });
});

afterAll(() => {
  for (const spoiled of [everywhere, inOneRow]) {
    console.log(table(new Map([...spoiled].map(([id, { tallied }]) => [id, tallied]))));
    const blind = new Set([...spoiled.values()].flatMap(({ unseen }) => [...unseen]));
    console.log(['What cannot be seen:', ...blind].join('\n- '));
  }
});
