import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Limiter } from '../../lambdas/vendor/limit.ts';
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
