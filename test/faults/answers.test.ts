import { afterAll, describe, expect, it } from 'vitest';
import { loadRegistry } from '../../scripts/local/registry.ts';
import { type Spoiled, spoilAnswers, table } from './matrix.ts';
import { Rig } from './rig.ts';

const { collectors } = await loadRegistry();
const spoiled = new Map<string, Spoiled>();

describe('an answer that goes wrong', () => {
  it.each(collectors.map((collector) => [collector.id, collector] as const))(
    'never makes %s tell a wrong number without saying so',
    async (id, collector) => {
      const told = await spoilAnswers(await Rig.for(collector));
      spoiled.set(id, told);
      expect(told.wrong).toEqual([]);
    },
    120_000,
  );
});

afterAll(() => {
  console.log(table(new Map([...spoiled].map(([id, { tallied }]) => [id, tallied]))));
  const blind = new Set([...spoiled.values()].flatMap(({ unseen }) => [...unseen]));
  console.log(['What cannot be seen:', ...blind].join('\n- '));
});
