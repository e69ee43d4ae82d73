import * as z from 'zod/mini';
import { messageOf, ReportError } from '../report/errors.ts';
import { type Auth, type Exchange, type Token, token } from '../wire/auth.ts';
import { filled, maybe } from '../wire/forms.ts';
import type { RunContext, SecretLock } from './run-context.ts';

/** The members that a rotating credential takes up in its secret. The expiry is ISO 8601. */
export const RotatingSecret = z.object({
  refreshToken: filled,
  accessToken: maybe(z.string()),
  accessTokenExpiresAt: maybe(z.string()),
});
export type RotatingSecret = z.output<typeof RotatingSecret>;

/** Every member is optional here: whatever else the answer lacks, a new refresh token in it must not be lost. */
const Answer = z.object({
  access_token: z.optional(z.unknown()),
  refresh_token: z.optional(z.unknown()),
  expires_in: z.optional(z.unknown()),
});

/** An access token that ends sooner is not worth beginning with. */
const MARGIN_MILLISECONDS = 120_000;

/** The new credentials exist nowhere but here until they are stored: one refusal of the store is not the last word. */
const STORE_ATTEMPTS = 3;

/** More runs than this do not take turns at one credential. */
const TURNS = 5;

/**
 * Bearer tokens by a refresh token that is good for one use and comes back as a new one. The stored access token serves every
 * run until shortly before its end. Then: lock, look again, try the store, exchange, store, use.
 *
 * Where it dies, and what the next one finds: before the exchange, the old token, still good; after the new pair is stored, the
 * new pair. In between (the vendor has taken the old token, the new one is not stored) the lock stays behind as the trace; the
 * next holder tries the old token, for the exchange may not have arrived, and where it is refused says that a person must request new ones.
 * Errors: `VendorAuthError` where a person must act at the vendor, `ConfigurationError` where the secret cannot be kept.
 */
export function rotatingToken(options: {
  vendor: string;
  url: string;
  secret: RotatingSecret;
  run: Pick<RunContext, 'keepSecret' | 'lockSecret'>;
  /** What a person does at the vendor to get a new refresh token. */
  remedy: string;
}): Auth {
  const { vendor, run, remedy } = options;
  let known = options.secret;
  /** Asked for a token again, this one has ended or was refused. */
  let handedOut: string | undefined;

  const standing = ({ accessToken, accessTokenExpiresAt }: RotatingSecret, now: number): Token | undefined => {
    const left = Date.parse(accessTokenExpiresAt ?? '') - now;
    if (typeof accessToken !== 'string' || accessToken === handedOut || !(left > MARGIN_MILLISECONDS)) return undefined;
    return { value: accessToken, seconds: left / 1000 };
  };
  const handOut = (handed: Token): Token => {
    handedOut = handed.value;
    return handed;
  };

  return token(async (exchange, now) => {
    const kept = standing(known, now);
    if (kept !== undefined) return handOut(kept);
    for (let turn = 0; turn < TURNS; turn += 1) {
      const lock = await run.lockSecret(known.refreshToken);
      const fresh = z.safeParse(RotatingSecret, lock.secret);
      if (!fresh.success) {
        await lock.release('unused');
        throw new ReportError(
          'ConfigurationError',
          `${vendor}: the refresh token must stand in the secret and nowhere else, for it is replaced there at every refresh`,
          { wide: true },
        );
      }
      const another = fresh.data.refreshToken !== known.refreshToken;
      known = fresh.data;
      const stored = standing(known, now);
      if (stored !== undefined || another) await lock.release('unused');
      if (stored !== undefined) return handOut(stored);
      if (!another) return handOut(await refresh(lock, exchange, now));
    }
    throw new ReportError(
      'VendorUnavailableError',
      `${vendor}: its refresh token is replaced faster than it can be read`,
    );
  });

  async function refresh(lock: SecretLock, exchange: Exchange, now: number): Promise<Token> {
    try {
      await run.keepSecret({});
    } catch (error) {
      await lock.release('unused');
      throw unkept(error, 'nothing was exchanged, the stored refresh token is still good');
    }
    const answer = await exchanged(lock, exchange);
    const refreshToken = text(answer.refresh_token) ?? known.refreshToken;
    const value = text(answer.access_token);
    const seconds = Number(answer.expires_in);
    // An access token of unknown length is used now and not kept.
    const lasting = value !== undefined && seconds > 0;
    known = {
      refreshToken,
      accessToken: lasting ? value : null,
      accessTokenExpiresAt: lasting ? new Date(now + seconds * 1000).toISOString() : null,
    };
    await store(lock);
    await lock.release('replaced');
    if (value !== undefined) return { value, seconds: lasting ? seconds : MARGIN_MILLISECONDS / 1000 };
    throw new ReportError(
      'VendorContractError',
      `${vendor}: the answer to the refresh has no access_token (members seen: ${Object.keys(answer).join(', ')})`,
      { wide: true },
    );
  }

  async function exchanged(lock: SecretLock, exchange: Exchange): Promise<z.output<typeof Answer>> {
    let refused = false;
    try {
      return await exchange({
        url: options.url,
        form: { grant_type: 'refresh_token', refresh_token: known.refreshToken },
        schema: Answer,
        refusal: ({ status }) => {
          refused = true;
          return new ReportError('VendorAuthError', refusal(status, lock.interrupted), { wide: true });
        },
      });
    } catch (error) {
      await lock.release(refused ? 'unused' : 'unknown');
      throw error;
    }
  }

  async function store(lock: SecretLock): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run.keepSecret({ ...known });
      } catch (error) {
        if (attempt < STORE_ATTEMPTS) continue;
        await lock.release('unknown');
        throw unkept(error, `the new refresh token is lost and the stored one is used up: ${remedy}`);
      }
    }
  }

  function refusal(status: number, interrupted: string | undefined): string {
    const why =
      interrupted === undefined
        ? 'it has expired, or was used without its answer reaching us (perhaps by another tool)'
        : `a refresh begun at ${interrupted} used it up and ended before the new one was stored`;
    return `${vendor} refused the stored refresh token (HTTP ${status}): ${why}. ${remedy}`;
  }

  function unkept(error: unknown, so: string): ReportError {
    const said = messageOf(error);
    return new ReportError('ConfigurationError', `${vendor}: the secret cannot be stored (${said}); ${so}`, {
      wide: true,
      cause: error,
    });
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
