import * as z from 'zod/mini';
import { messageOf, ReportError } from '../report/errors.ts';
import { type Auth, type Exchange, type Token, token } from '../wire/auth.ts';
import { filled, maybe } from '../wire/forms.ts';
import type { RunContext, SecretLock } from './run-context.ts';

/** The fields of a rotating credential in its secret. The expiry is ISO 8601. */
export const RotatingSecret = z.object({
  refreshToken: filled,
  accessToken: maybe(z.string()),
  accessTokenExpiresAt: maybe(z.string()),
});
export type RotatingSecret = z.output<typeof RotatingSecret>;

/** Every field is optional here: whatever the answer lacks, a new refresh token in it must not be lost. */
const Answer = z.object({
  access_token: z.optional(z.unknown()),
  refresh_token: z.optional(z.unknown()),
  expires_in: z.optional(z.unknown()),
});

/** An access token that expires sooner is not worth using. */
const MARGIN_MILLISECONDS = 120_000;

/** The new credentials exist only here until they are stored, so storing is retried. */
const STORE_ATTEMPTS = 3;

/** The most runs that take turns with one credential. */
const TURNS = 5;

/**
 * Bearer tokens from a refresh token that can be used once and is replaced by each use. The stored access token serves
 * every run until shortly before it expires. Then: lock, look again, try the store, exchange, store, use.
 *
 * If a run dies, the next one finds: before the exchange, the old token, still valid; after the new pair is stored, the
 * new pair. In between (the vendor has accepted the old token, the new one is not stored) the lock remains as a trace;
 * the next holder tries the old token, because the exchange may not have arrived, and if it is refused, reports that a
 * person must request new ones. Errors: `VendorAuthError` if a person must act at the vendor, `ConfigurationError` if
 * the secret cannot be kept.
 */
export function rotatingToken(options: Options): Auth {
  const rotation = new Rotation(options);
  return token((exchange, now) => rotation.next(exchange, now));
}

type Options = {
  vendor: string;
  url: string;
  secret: RotatingSecret;
  run: Pick<RunContext, 'keepSecret' | 'lockSecret'>;
  /** What a person does at the vendor to get a new refresh token. */
  remedy: string;
};

class Rotation {
  readonly #options: Options;
  #known: RotatingSecret;
  /** The last token given out; if a token is asked for again, this one has expired or was refused. */
  #handedOut: string | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#known = options.secret;
  }

  async next(exchange: Exchange, now: number): Promise<Token> {
    const next = this.#standing(now) ?? (await this.#inTurn(exchange, now));
    this.#handedOut = next.value;
    return next;
  }

  /** The known access token, if it can still be used. */
  #standing(now: number): Token | undefined {
    const { accessToken, accessTokenExpiresAt } = this.#known;
    const left = Date.parse(accessTokenExpiresAt ?? '') - now;
    const isUsed = typeof accessToken !== 'string' || accessToken === this.#handedOut;
    return isUsed || !(left > MARGIN_MILLISECONDS) ? undefined : { value: accessToken, seconds: left / 1000 };
  }

  /**
   * Takes turns with other runs: what one of them stored meanwhile is used, otherwise the refresh token is exchanged.
   */
  async #inTurn(exchange: Exchange, now: number): Promise<Token> {
    const { vendor, run } = this.#options;
    for (let turn = 0; turn < TURNS; turn += 1) {
      const lock = await run.lockSecret(this.#known.refreshToken);
      const fresh = await this.#secretOf(lock);
      const another = fresh.refreshToken !== this.#known.refreshToken;
      this.#known = fresh;
      const stored = this.#standing(now);
      if (stored !== undefined || another) await lock.release('unused');
      if (stored !== undefined) return stored;
      if (!another) return this.#refresh(lock, exchange, now);
    }
    throw new ReportError(
      'VendorUnavailableError',
      `${vendor}: its refresh token is replaced faster than it can be read`,
    );
  }

  async #secretOf(lock: SecretLock): Promise<RotatingSecret> {
    const fresh = z.safeParse(RotatingSecret, lock.secret);
    if (fresh.success) return fresh.data;
    await lock.release('unused');
    throw new ReportError(
      'ConfigurationError',
      `${this.#options.vendor}: keep the refresh token in the secret and nowhere else, because every refresh replaces it there`,
      { wide: true },
    );
  }

  async #refresh(lock: SecretLock, exchange: Exchange, now: number): Promise<Token> {
    await this.#tryStore(lock);
    const answer = await this.#exchanged(lock, exchange);
    const refreshToken = text(answer.refresh_token) ?? this.#known.refreshToken;
    const value = text(answer.access_token);
    const seconds = Number(answer.expires_in);
    // An access token of unknown lifetime is used now and not stored.
    const lasting = value !== undefined && seconds > 0;
    this.#known = {
      refreshToken,
      accessToken: lasting ? value : null,
      accessTokenExpiresAt: lasting ? new Date(now + seconds * 1000).toISOString() : null,
    };
    await this.#store(lock);
    await lock.release('replaced');
    if (value !== undefined) return { value, seconds: lasting ? seconds : MARGIN_MILLISECONDS / 1000 };
    throw new ReportError(
      'VendorContractError',
      `${this.#options.vendor}: the answer to the refresh has no access_token (fields seen: ${Object.keys(answer).join(', ')})`,
      { wide: true },
    );
  }

  /** Checks that the store accepts the secret, before the token is used. */
  async #tryStore(lock: SecretLock): Promise<void> {
    try {
      await this.#options.run.keepSecret({});
    } catch (error) {
      await lock.release('unused');
      throw this.#unkept(error, 'nothing was exchanged, so the stored refresh token is still good');
    }
  }

  async #exchanged(lock: SecretLock, exchange: Exchange): Promise<z.output<typeof Answer>> {
    let refused = false;
    try {
      return await exchange({
        url: this.#options.url,
        form: { grant_type: 'refresh_token', refresh_token: this.#known.refreshToken },
        schema: Answer,
        refusal: ({ status }) => {
          refused = true;
          return new ReportError('VendorAuthError', this.#refusal(status, lock.interrupted), { wide: true });
        },
      });
    } catch (error) {
      await lock.release(refused ? 'unused' : 'unknown');
      throw error;
    }
  }

  async #store(lock: SecretLock): Promise<void> {
    const { run, remedy } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run.keepSecret({ ...this.#known });
      } catch (error) {
        if (attempt < STORE_ATTEMPTS) continue;
        await lock.release('unknown');
        throw this.#unkept(error, `the new refresh token is lost and the stored one is used up: ${remedy}`);
      }
    }
  }

  #refusal(status: number, interrupted: string | undefined): string {
    const { vendor, remedy } = this.#options;
    const why =
      interrupted === undefined
        ? 'it has expired, or was used without its answer reaching us (perhaps by another tool)'
        : `a refresh that started at ${interrupted} used it up and ended before the new one was stored`;
    return `${vendor} refused the stored refresh token (HTTP ${status}): ${why}. ${remedy}`;
  }

  #unkept(error: unknown, so: string): ReportError {
    const sentence = `${this.#options.vendor}: the secret cannot be stored (${messageOf(error)}); ${so}`;
    return new ReportError('ConfigurationError', sentence, { wide: true, cause: error });
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
