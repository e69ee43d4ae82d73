import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { virtualClock } from './virtual-clock.ts';

test('waits end in the order of virtual time, and an hour takes no time', async () => {
  const clock = virtualClock(0);
  const ended: string[] = [];
  const began = performance.now();
  await Promise.all([
    clock.sleep(3_600_000).then(() => ended.push(`hour ${clock.now()}`)),
    clock.sleep(1_000).then(() => ended.push(`second ${clock.now()}`)),
    clock.sleep(60_000).then(() => ended.push(`minute ${clock.now()}`)),
  ]);
  expect(ended).toEqual(['second 1000', 'minute 60000', 'hour 3600000']);
  expect(clock.elapsed()).toBe(3_600_000);
  // A second may well pass on a busy machine, but not the minute.
  expect(performance.now() - began).toBeLessThan(60_000);
});

test('equal times end in the order of the calls', async () => {
  const clock = virtualClock(0);
  const ended: number[] = [];
  await Promise.all([1, 2, 3].map((n) => clock.sleep(5).then(() => ended.push(n))));
  expect(ended).toEqual([1, 2, 3]);
});

test('a cancelled timer neither fires nor lets time pass', async () => {
  const clock = virtualClock(0);
  let acted = false;
  const cancel = clock.timer(60_000, () => {
    acted = true;
  });
  cancel();
  await clock.sleep(10);
  expect({ acted, now: clock.now() }).toEqual({ acted: false, now: 10 });
});

test('time stands still while work is held, and goes on after it', async () => {
  const clock = virtualClock(0);
  let rang = false;
  clock.timer(1_000, () => {
    rang = true;
  });
  await clock.hold(
    (async () => {
      for (let turns = 0; turns < 50; turns += 1) await turn();
    })(),
  );
  expect(rang).toBe(false);
  await clock.sleep(2_000);
  expect(rang).toBe(true);
});
