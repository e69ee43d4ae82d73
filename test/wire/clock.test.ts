import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../lambdas/wire/clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22) });
});
afterEach(() => {
  vi.useRealTimers();
});

it('the system’s clock tells the time of the system', () => {
  expect(systemClock.now()).toBe(Date.UTC(2026, 10, 22));
});

it('a sleep lasts as long as it was asked to', async () => {
  let awake = false;
  const sleep = systemClock.sleep(1000).then(() => {
    awake = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect(awake).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await sleep;
  expect(awake).toBe(true);
});

it('a timer acts once its time has come, and not at all if it was stopped', async () => {
  const acts: string[] = [];
  systemClock.timer(1000, () => acts.push('kept'));
  const stop = systemClock.timer(1000, () => acts.push('stopped'));
  await vi.advanceTimersByTimeAsync(999);
  stop();
  expect(acts).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(acts).toEqual(['kept']);
});
