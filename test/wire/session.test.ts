import { describe, expect, it } from 'vitest';
import { mayWait, Paused, waitOrPause } from '../../lambdas/wire/session.ts';
import { session, wire } from './wire.ts';

const thrown = (act: () => void): unknown => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('a wait', () => {
  it('inside the lifetime is waited out', async () => {
    const life = session(wire({}), 100);
    await waitOrPause(life, 99_999, 'the vendor limits the rate');
    expect(life.clock.elapsed()).toBe(99_999);
  });

  it('that reaches the end of the lifetime is a pause of whole seconds, with its reason', () => {
    expect(thrown(() => mayWait(session(wire({}), 100), 99_999, 'limited'))).toBeUndefined();
    const paused = thrown(() => mayWait(session(wire({}), 100), 100_001, 'limited'));
    expect(paused).toBeInstanceOf(Paused);
    expect(paused).toMatchObject({ waitSeconds: 101, reason: 'limited' });
    expect(thrown(() => mayWait(session(wire({}), 100), 100_000, 'limited'))).toBeInstanceOf(Paused);
  });

  it('of more than an hour is neither waited out nor paused for', () => {
    expect(thrown(() => mayWait(session(wire({}), 100), 3_600_000, 'limited'))).toBeInstanceOf(Paused);
    expect(thrown(() => mayWait(session(wire({}), 9000), 3_600_001, 'limited'))).toMatchObject({
      name: 'VendorRateLimitError',
      message: expect.stringContaining('3601 seconds'),
    });
  });

  it('that a person would notice is reported, a short one is not', () => {
    const waits: [number, string][] = [];
    const life = { ...session(wire({})), onWait: (seconds: number, reason: string) => waits.push([seconds, reason]) };
    for (const milliseconds of [0, 1999, 2000, 2001]) mayWait(life, milliseconds, 'limited');
    expect(waits).toEqual([
      [2, 'limited'],
      [3, 'limited'],
    ]);
  });
});
