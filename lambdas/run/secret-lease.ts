import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { RunContext, SecretLock } from '../counting/run-context.ts';
import type { Objects, Platform } from '../platform/platform.ts';
import { Paused, type Session, waitOrPause } from '../wire/session.ts';
import { readJson, writeJson } from './json-file.ts';
import { lockKey } from './keys.ts';
import { type Credentialed, readSecret } from './secret.ts';

/** Who took the lock, when, and until when. */
const Ticket = z.object({ owner: z.string(), since: z.string(), expires: z.string() });
type Ticket = z.output<typeof Ticket>;

/** How often a waiting run checks whether the other one is done. */
const LOOK_AGAIN_MILLISECONDS = 5_000;

/**
 * A credential is not used with less time left than an exchange can take: we must still be running when its answer
 * comes.
 */
const ROOM_MILLISECONDS = 90_000;

/** No process outlives its deadline by this much, so a holder that has not released the lock by then is dead. */
const GRACE_MILLISECONDS = 60_000;

const FINGERPRINT_LENGTH = 32;

/**
 * The lock on an integration's single-use credentials, across all runs. There is one chain of tickets per credential,
 * each created once: ticket 1 is the lock; if its holder died, ticket 2 takes over once ticket 1 has expired, and so
 * on. So two runs that find the same dead holder cannot both take over, which a lock that is removed and created again
 * would allow. Tickets are removed when the credential has been replaced: whoever creates one later reads the new
 * secret.
 */
export function secretLock(
  { objects, secrets, clock }: Pick<Platform, 'objects' | 'secrets' | 'clock'>,
  integration: Credentialed,
  owner: string,
  session: Session,
): RunContext['lockSecret'] {
  return async (credential) => {
    const fingerprint = createHash('sha256').update(credential).digest('hex').slice(0, FINGERPRINT_LENGTH);
    const keyOf = (attempt: number): string => lockKey(integration.id, fingerprint, attempt);
    let interrupted: string | undefined;
    for (let attempt = 1; ; ) {
      if (session.deadline - clock.now() < ROOM_MILLISECONDS) {
        throw new Paused(0, `${integration.name}: too little time is left to renew its credentials`);
      }
      const ticket: Ticket = {
        owner,
        since: new Date(clock.now()).toISOString(),
        expires: new Date(session.deadline + GRACE_MILLISECONDS).toISOString(),
      };
      if (await objects.createOnce(keyOf(attempt), JSON.stringify(ticket))) {
        const held = { keyOf, attempt, ticket };
        return {
          secret: await readSecret(secrets, integration),
          interrupted,
          release: (how) => release(held, how, { objects, clock }).catch(() => undefined),
        };
      }
      const holder = await readTicket(objects, keyOf(attempt));
      if (holder !== undefined && hasExpired(holder, clock)) {
        interrupted ??= holder.since;
        attempt += 1;
        continue;
      }
      const whom = holder === undefined ? '' : ` (${holder.owner}, since ${holder.since})`;
      await waitOrPause(
        session,
        LOOK_AGAIN_MILLISECONDS,
        `${integration.name}: another run${whom} is renewing its credentials; ${objects.locate(keyOf(attempt))}`,
      );
      interrupted = undefined;
      attempt = 1;
    }
  };
}

async function readTicket(objects: Objects, key: string): Promise<Ticket | undefined> {
  const ticket = z.safeParse(Ticket, await readJson(objects, key));
  return ticket.success ? ticket.data : undefined;
}

const hasExpired = ({ expires }: Ticket, clock: Platform['clock']): boolean => Date.parse(expires) <= clock.now();

/** The lock as it is held: the tickets 1 to `attempt` of the chain are there, and the last of them is ours. */
type Held = { keyOf: (attempt: number) => string; attempt: number; ticket: Ticket };

/** A lock that cannot be released expires. One that has expired can belong to another run, so it is left alone. */
async function release(
  { keyOf, attempt, ticket }: Held,
  how: Parameters<SecretLock['release']>[0],
  { objects, clock }: Pick<Platform, 'objects' | 'clock'>,
): Promise<void> {
  if (how === 'replaced') {
    for (let earlier = 1; earlier <= attempt; earlier += 1) await objects.remove(keyOf(earlier));
  } else if (!hasExpired(ticket, clock)) {
    if (how === 'unused') await objects.remove(keyOf(attempt));
    else await writeJson(objects, keyOf(attempt), { ...ticket, expires: new Date(clock.now()).toISOString() });
  }
}
