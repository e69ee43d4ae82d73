import type { Platform } from '../../lambdas/platform/platform.ts';

/**
 * Where a process ends: before the n-th of its calls that leave something behind, or after it, between the act and what it
 * answers. A look at a file or a secret leaves nothing, so who dies after it has died after the call before it.
 */
export type Death = { call: number; when: 'before' | 'after' };

/** What a dead process says to whoever still calls it. */
export class Died extends Error {}

/**
 * A platform whose process ends at its n-th call that lasts: from then on nothing comes out of it any more. `calls` tells how many
 * of them there were; `pause` is waited for before each call, be it a look.
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
