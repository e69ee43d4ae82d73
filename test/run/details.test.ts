import { describe, expect, test } from 'vitest';
import type { Body, Objects } from '../../lambdas/platform/platform.ts';
import type { Unit } from '../../lambdas/report/unit.ts';
import { openDetails, readSubscriptions, readUnits } from '../../lambdas/run/details.ts';
import { subscription } from '../terms/sample.ts';

/** A bucket in memory. */
function bucket(): { objects: Objects; keys: () => string[]; largest: () => number } {
  const held = new Map<string, Uint8Array>();
  const put = async (key: string, body: Body): Promise<void> => {
    const isWhole = typeof body === 'string' || body instanceof Uint8Array;
    held.set(key, isWhole ? Buffer.from(body) : Buffer.concat(await Array.fromAsync(body)));
  };
  return {
    objects: {
      read: async (key) => held.get(key),
      writtenAt: async () => undefined,
      write: async (key, body) => put(key, body),
      createOnce: async () => false,
      remove: async (key) => void held.delete(key),
      locate: (key) => key,
    },
    keys: () => [...held.keys()].sort(),
    largest: () => Math.max(...[...held.values()].map(({ byteLength }) => byteLength)),
  };
}

const unit = (id: string): { unit: Unit } => ({
  unit: { customer: 'c1', column: 'Agents', id, name: '', quantity: 1 },
});

const fleet = (count: number, prefix = 'd') => Array.from({ length: count }, (_, index) => unit(`${prefix}${index}`));

async function idsIn(objects: Objects): Promise<string[]> {
  const ids: string[] = [];
  for await (const units of readUnits(objects, 'r1', 'agents')) ids.push(...units.map(({ id }) => id));
  return ids;
}

const open = (objects: Objects, named = true, goesOn = true) => openDetails(objects, 'r1', 'agents', { named, goesOn });

describe('counted units', () => {
  test('of a small vendor are one object', async () => {
    const { objects, keys } = bucket();
    const { sink, save } = await open(objects);
    await sink.add(fleet(2));
    await sink.add(fleet(1, 'p'), 'piece');
    await save();
    expect(keys()).toEqual(['runs/r1/details/agents/index.jsonl']);
    expect(await idsIn(objects)).toEqual(['d0', 'd1', 'p0']);
  });

  test('of a large fleet are written as they come, in parts of about a megabyte, and read back in order', async () => {
    const { objects, keys, largest } = bucket();
    const { sink, save } = await open(objects);
    const all = fleet(50_000);
    for (let from = 0; from < all.length; from += 500) await sink.add(all.slice(from, from + 500));
    expect(keys().length).toBeGreaterThan(2);
    await save();
    expect(largest()).toBeLessThan(1_200_000);
    expect(await idsIn(objects)).toEqual(all.map(({ unit: { id } }) => id));
  });

  test('start again with the lists when they are read again', async () => {
    const { objects } = bucket();
    const { sink, save } = await open(objects);
    await sink.add(fleet(30_000, 'old'));
    await sink.startAgain();
    await sink.add(fleet(2, 'new'));
    await save();
    expect(await idsIn(objects)).toEqual(['new0', 'new1']);
  });

  test('keep finished pieces of work over a pause, and the later one if one is repeated', async () => {
    const { objects } = bucket();
    const first = await open(objects);
    await first.sink.add(fleet(1, 'list'));
    await first.sink.add(fleet(30_000, 'a'), 'A');
    await first.sink.add(fleet(1, 'b'), 'B');
    await first.save();
    const second = await open(objects);
    await second.sink.startAgain();
    await second.sink.add(fleet(1, 'list'));
    await second.sink.add(fleet(2, 'again'), 'A');
    await second.sink.add([], 'B');
    await second.save();
    expect(await idsIn(objects)).toEqual(['list0', 'again0', 'again1']);
  });

  test('of a collection that starts again have nothing of the one before', async () => {
    for (const now of [[], fleet(1, 'new')]) {
      const { objects } = bucket();
      const first = await open(objects);
      await first.sink.add(fleet(1, 'list'));
      await first.sink.add(fleet(1, 'a'), 'A');
      await first.save();
      const restarted = await open(objects, true, false);
      await restarted.sink.startAgain();
      await restarted.sink.add(now, 'B');
      await restarted.save();
      expect(await idsIn(objects)).toEqual(now.map(({ unit: { id } }) => id));
    }
  });

  test('are left out if names are off, but subscriptions are kept', async () => {
    const { objects } = bucket();
    const { sink, save } = await open(objects, false);
    await sink.add([...fleet(2), { subscription: subscription() }]);
    await save();
    expect(await idsIn(objects)).toEqual([]);
    expect(await readSubscriptions(objects, 'r1', 'agents')).toEqual([subscription()]);
  });

  test('with a lost part are reported, never shown partly', async () => {
    const { objects, keys } = bucket();
    const { sink, save } = await open(objects);
    await sink.add(fleet(30_000));
    await save();
    await objects.remove(keys().find((key) => key.endsWith('lists-0.jsonl')) ?? '');
    await expect(idsIn(objects)).rejects.toThrow('runs/r1/details/agents/lists-0.jsonl is gone; run again');
  });
});
