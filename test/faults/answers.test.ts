import { afterAll, describe, expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import acmeVendor from '../example-vendor/acme-rmm.sandbox.ts';
import acme from '../example-vendor/acme-rmm.ts';
import { Rig } from './fault-rig.ts';
import { type Spoiled, spoilAnswers, table } from './matrix.ts';

/** Every vendor of the folder, and one written only from the documentation page; no vendor gets special treatment. */
const { collectors } = await loadRegistry();
const vendors = [...collectors.map((collector) => ({ collector })), { collector: acme, make: acmeVendor }];
const spoiled = new Map<string, Spoiled>();

describe('an answer that goes wrong', () => {
  it.each(vendors.map((vendor) => [vendor.collector.id, vendor] as const))(
    'never makes %s tell a wrong number without saying so',
    async (id, { collector, ...of }) => {
      const result = await spoilAnswers(await Rig.for(collector, 'make' in of ? of.make : undefined));
      spoiled.set(id, result);
      expect(result.wrong).toEqual([]);
    },
  );
});

afterAll(() => {
  console.log(table(new Map([...spoiled].map(([id, { tallied }]) => [id, tallied]))));
  const blind = new Set([...spoiled.values()].flatMap(({ unseen }) => [...unseen]));
  console.log(['What cannot be seen:', ...blind].join('\n- '));
});
