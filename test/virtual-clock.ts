import type { Clock } from '../lambdas/wire/clock.ts';

/** A clock for tests: waits end in the order of virtual time, and time passes only when nothing else is going on. */
export type VirtualClock = Clock & {
  /** Milliseconds slept or waited for so far. */
  elapsed(): number;
  /** Stops virtual time while `work` is under way: for what goes over a real socket or to a disk. */
  hold<T>(work: Promise<T>): Promise<T>;
};

/** Turns of the event loop without a new wait after which nothing else is taken to be going on. */
const IDLE_TURNS = 8;

type Wait = { due: number; act: () => void };

/** Starts at `start`, milliseconds since the epoch. */
export function virtualClock(start = Date.UTC(2026, 10, 22, 6, 30)): VirtualClock {
  let now = start;
  let held = 0;
  let idle = 0;
  let turning = false;
  const waits: Wait[] = [];

  const turn = () => {
    turning = false;
    if (waits.length === 0 || held > 0) return;
    idle += 1;
    if (idle > IDLE_TURNS) {
      idle = 0;
      const next = waits.shift();
      now = Math.max(now, next?.due ?? now);
      next?.act();
    }
    go();
  };
  const go = () => {
    if (turning) return;
    turning = true;
    setImmediate(turn);
  };
  const add = (milliseconds: number, act: () => void): Wait => {
    const wait = { due: now + Math.max(0, milliseconds), act };
    const later = waits.findIndex(({ due }) => due > wait.due);
    waits.splice(later === -1 ? waits.length : later, 0, wait);
    idle = 0;
    go();
    return wait;
  };

  return {
    now: () => now,
    elapsed: () => now - start,
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        add(milliseconds, resolve);
      }),
    timer: (milliseconds, act) => {
      const wait = add(milliseconds, act);
      return () => {
        const at = waits.indexOf(wait);
        if (at !== -1) waits.splice(at, 1);
      };
    },
    async hold(work) {
      held += 1;
      try {
        return await work;
      } finally {
        held -= 1;
        idle = 0;
        go();
      }
    },
  };
}
