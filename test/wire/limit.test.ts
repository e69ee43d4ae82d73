import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Limit, Limiter } from '../../lambdas/wire/limit.ts';
import { virtualClock } from '../virtual-clock.ts';

it('starts no more requests in any window than the vendor allows, and no more at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        requests: fc.integer({ min: 1, max: 6 }),
        perSeconds: fc.integer({ min: 1, max: 5 }),
        concurrency: fc.integer({ min: 1, max: 4 }),
      }),
      fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 25 }),
      async (limit, durations) => {
        const clock = virtualClock();
        const limiter = new Limiter(clock, limit);
        const starts: number[] = [];
        let inFlight = 0;
        let most = 0;
        await Promise.all(
          durations.map((duration) =>
            limiter.run(
              async () => {
                starts.push(clock.now());
                inFlight += 1;
                most = Math.max(most, inFlight);
                await clock.sleep(duration);
                inFlight -= 1;
              },
              () => {},
            ),
          ),
        );
        expect(starts).toHaveLength(durations.length);
        expect(most).toBeLessThanOrEqual(limit.concurrency);
        for (const start of starts) {
          const window = starts.filter((other) => other > start - limit.perSeconds * 1000 && other <= start);
          expect(window.length).toBeLessThanOrEqual(limit.requests);
        }
      },
    ),
    { numRuns: 40 },
  );
});

it('asks before it waits, and gives its place back when it may not', async () => {
  const clock = virtualClock();
  const limiter = new Limiter(clock, { requests: 1, perSeconds: 60, concurrency: 1 });
  await limiter.run(
    async () => {},
    () => {},
  );
  const refuse = () => {
    throw new Error('no time');
  };
  await expect(limiter.run(async () => {}, refuse)).rejects.toThrow('no time');
  await limiter.run(
    async () => {},
    () => {},
  );
  expect(clock.elapsed()).toBe(60_000);
});

/** When each of `count` requests of no length starts, in seconds. */
async function starts(limit: Limit, count: number): Promise<number[]> {
  const clock = virtualClock();
  const limiter = new Limiter(clock, limit);
  const started: number[] = [];
  const request = () =>
    limiter.run(
      async () => void started.push(clock.elapsed() / 1000),
      () => {},
    );
  await Promise.all(Array.from({ length: count }, request));
  return started;
}

it('lets nobody wait while the window has room, nor longer than until it has', async () => {
  expect(await starts({ requests: 2, perSeconds: 10, concurrency: 9 }, 5)).toEqual([0, 0, 10, 10, 20]);
});

it.each<Limit>([{ concurrency: 9 }, { concurrency: 9, requests: 1 }, { concurrency: 9, perSeconds: 60 }])(
  'lets nobody wait where no rate is declared: %j',
  async (limit) => {
    expect(await starts(limit, 4)).toEqual([0, 0, 0, 0]);
  },
);

it('counts a request in the window from its start, not from its end', async () => {
  const clock = virtualClock();
  const limiter = new Limiter(clock, { requests: 1, perSeconds: 10, concurrency: 1 });
  const started: number[] = [];
  const slow = () =>
    limiter.run(
      async () => {
        started.push(clock.elapsed());
        await clock.sleep(8_000);
      },
      () => {},
    );
  await Promise.all([slow(), slow()]);
  expect(started).toEqual([0, 10_000]);
});
