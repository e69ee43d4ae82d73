import type { Platform } from '../../lambdas/platform/platform.ts';

/** Where a process ends: before its n-th call to the outside, or after it, between the act and what it answers. */
export type Death = { call: number; when: 'before' | 'after' };

/** What a dead process says to whoever still calls it. */
export class Died extends Error {}

/**
 * A platform whose process ends at its n-th call: from then on nothing comes out of it any more. `calls` tells how many there
 * were; `pause` is waited for before each call.
 */
export function killable(
  platform: Platform,
  death?: Death,
  pause: () => Promise<void> = async () => {},
): Platform & { calls(): number } {
  let calls = 0;
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new Died('the process was killed');
  };
  const through = async <T>(act: () => Promise<T>): Promise<T> => {
    if (dead) return die();
    await pause();
    if (dead) return die();
    calls += 1;
    const mine = death?.call === calls;
    if (mine && death.when === 'before') return die();
    const answer = await act();
    if (dead || mine) return die();
    return answer;
  };
  const { objects, secrets, mail, transport } = platform;
  return {
    ...platform,
    objects: {
      read: (key) => through(() => objects.read(key)),
      writtenAt: (key) => through(() => objects.writtenAt(key)),
      write: (key, body, type) => through(() => objects.write(key, body, type)),
      createOnce: (key, body) => through(() => objects.createOnce(key, body)),
      remove: (key) => through(() => objects.remove(key)),
      locate: objects.locate,
    },
    secrets: {
      read: (integration) => through(() => secrets.read(integration)),
      write: (integration, secret) => through(() => secrets.write(integration, secret)),
    },
    mail: { send: (letter, key) => through(() => mail.send(letter, key)) },
    transport: (wire, signal) => through(() => transport(wire, signal)),
    calls: () => calls,
  };
}
