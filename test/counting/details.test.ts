import { describe, expect, it } from 'vitest';
import { type Detail, type DetailSink, DetailStream } from '../../lambdas/counting/details.ts';
import type { Fact } from '../../lambdas/counting/facts.ts';

const counted = (id: string): Extract<Fact, { fact: 'count' }> => ({
  ...{ fact: 'count', customer: '1', column: 'Seats', value: 2 },
  unit: { id, name: `srv-${id}` },
});

function sink() {
  const added: { details: readonly Detail[]; piece: string | undefined }[] = [];
  let starts = 0;
  const of: DetailSink = {
    add: async (details, piece) => {
      added.push({ details, piece });
    },
    startAgain: async () => {
      starts += 1;
    },
  };
  return { of, added, starts: () => starts };
}

describe('what was counted one by one', () => {
  it('is passed on with its owner, where it counts and how much', async () => {
    const { of, added } = sink();
    const stream = new DetailStream(of);
    await stream.add(counted('a'));
    await stream.add({ fact: 'count', customer: '1', column: 'Seats', value: 1 });
    expect(added).toEqual([]);
    await stream.flush();
    const unit = { customer: '1', column: 'Seats', id: 'a', name: 'srv-a', quantity: 2 };
    expect(added).toEqual([{ details: [{ unit }], piece: undefined }]);
  });

  it('is passed on of subscriptions too, also where no number of theirs counts', async () => {
    const { of, added } = sink();
    const stream = new DetailStream(of);
    const subscription = { customer: '1', id: 's1', product: 'Backup', seller: 'vendor', joins: [] } as const;
    await stream.add({ fact: 'subscription', subscription });
    await stream.flush();
    await stream.flush();
    expect(added).toEqual([{ details: [{ subscription }], piece: undefined }]);
  });

  it('leaves out what cannot be a number of things', async () => {
    const { of, added } = sink();
    const stream = new DetailStream(of);
    await stream.add({ ...counted('a'), value: -2 });
    await stream.flush();
    expect(added).toEqual([]);
  });

  it('is never held whole: it goes on in batches', async () => {
    const { of, added } = sink();
    const stream = new DetailStream(of);
    for (let index = 0; index < 1200; index += 1) await stream.add(counted(String(index)));
    expect(added.map(({ details }) => details.length)).toEqual([500, 500]);
    await stream.flush();
    expect(added.map(({ details }) => details.length)).toEqual([500, 500, 200]);
  });

  it('is void if the lists are read from their start, including what was not passed on yet', async () => {
    const { of, added, starts } = sink();
    const stream = new DetailStream(of);
    await stream.add(counted('a'));
    await stream.startAgain();
    await stream.flush();
    expect([added, starts()]).toEqual([[], 1]);
  });

  it('comes whole with the piece of work that it belongs to', async () => {
    const { of, added } = sink();
    const stream = new DetailStream(of);
    const terms = { id: 's1', product: 'Backup', seller: 'vendor', joins: [] } as const;
    await stream.addPiece('customer 1', [
      counted('a'),
      { fact: 'subscription', subscription: { customer: '1', ...terms } },
    ]);
    await stream.addPiece('customer 2', [{ fact: 'note', note: 'nothing counted' }]);
    expect(added.map(({ details, piece }) => [details.length, piece])).toEqual([[2, 'customer 1']]);
  });

  it('goes nowhere if nobody takes it', async () => {
    const stream = new DetailStream(undefined);
    await stream.startAgain();
    await stream.addPiece('customer 1', [counted('a')]);
    await stream.add(counted('a'));
    await expect(stream.flush()).resolves.toBeUndefined();
  });
});
