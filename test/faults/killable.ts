import type { Platform } from '../../lambdas/platform/platform.ts';

/**
 * Where a process ends: before the n-th call that has an effect, or after it, between the effect and the answer.
 * Reading a file or a secret has no effect, so dying after it equals dying after the call before it.
 */
export type Death = { call: number; when: 'before' | 'after' };

/** What a call to a dead process throws. */
export class Died extends Error {}

/**
 * A platform whose process ends at its n-th call with an effect: every later call fails. `calls` returns the number of
 * such calls; `pause` runs before every call, even one that only reads.
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
  const through = async <T>(act: () => Promise<T>, lasts: boolean): Promise<T> => {
    if (dead) return die();
    await pause();
    if (dead) return die();
    if (lasts) calls += 1;
    const mine = lasts && death?.call === calls;
    if (mine && death.when === 'before') return die();
    const answer = await act();
    if (dead || mine) return die();
    return answer;
  };
  const look = <T>(act: () => Promise<T>): Promise<T> => through(act, false);
  const lasting = <T>(act: () => Promise<T>): Promise<T> => through(act, true);
  const { objects, secrets, mail, transport } = platform;
  return {
    ...platform,
    objects: {
      read: (key) => look(() => objects.read(key)),
      writtenAt: (key) => look(() => objects.writtenAt(key)),
      write: (key, body, type) => lasting(() => objects.write(key, body, type)),
      createOnce: (key, body) => lasting(() => objects.createOnce(key, body)),
      remove: (key) => lasting(() => objects.remove(key)),
      locate: objects.locate,
    },
    secrets: {
      read: (integration) => look(() => secrets.read(integration)),
      write: (integration, secret) => lasting(() => secrets.write(integration, secret)),
    },
    mail: { send: (letter, key) => lasting(() => mail.send(letter, key)) },
    transport: (wire, signal) => lasting(() => transport(wire, signal)),
    calls: () => calls,
  };
}
