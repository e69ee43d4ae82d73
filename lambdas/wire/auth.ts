import * as z from 'zod/mini';
import { ReportError } from '../report/errors.ts';
import { unsendable } from './header-fields.ts';
import type { WireRequest, WireResponse } from './transport.ts';

/** A request to be given credentials: everything a signature may cover. */
export type Unsigned = { method: WireRequest['method']; url: URL; body: string | Uint8Array; now: number };

/** Asks for a token: a POST outside the API proper, never itself authenticated by a token. */
export type Exchange = <T>(call: {
  url: string;
  form?: Record<string, string>;
  json?: unknown;
  /** Replaces either: called for every attempt, with its time in milliseconds since the epoch. */
  fresh?: (now: number) => { form?: Record<string, string>; json?: unknown };
  headers?: Record<string, string>;
  schema: z.ZodMiniType<T>;
  /** What a refusal means at this vendor; by default 400, 401 and 403 mean refused credentials. */
  refusal?: Refusal;
}) => Promise<T>;

/** Turns a refused token request into the error it means; undefined leaves it to the default. */
export type Refusal = (answer: WireResponse, text: string) => ReportError | undefined;

/** How a vendor authenticates us, by one of the kinds below. */
export type Auth = {
  /** Prepares to sign: fetches a token if there is none. Called before the request takes its place in the limit. */
  ready(exchange: Exchange, now: number): Promise<void>;
  /** The headers with the credentials; called again for every attempt. */
  sign(request: Unsigned): Record<string, string>;
  /** After a 401: true if a fresh credential can be tried. */
  renew(): boolean;
};

const standing = (sign: Auth['sign']): Auth => ({ ready: async () => {}, sign, renew: () => false });

/** No credentials (discovery calls). */
export const anonymous: Auth = standing(() => ({}));

/** HTTP Basic. */
export const basic = (user: string, password: string): Auth => {
  const value = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return standing(() => ({ authorization: value }));
};

/** Fixed headers: API keys, static bearer tokens. */
export const headers = (fixed: Record<string, string>): Auth => standing(() => fixed);

/** A signature over each request. */
export const signed = (sign: Auth['sign']): Auth => standing(sign);

/** A token and its lifetime in seconds. */
export type Token = { value: string; seconds: number };

/** Tokens are renewed this long before they expire, so that none expires on the way. */
const MARGIN_SECONDS = 120;

/**
 * A token fetched by `obtain`, kept until shortly before it expires and shared by all requests under way. `carry` turns
 * it into headers; the default is `Authorization: Bearer`.
 */
export function token(
  obtain: (exchange: Exchange, now: number) => Promise<Token>,
  carry: (value: string) => Record<string, string> = (value) => ({ authorization: `Bearer ${value}` }),
): Auth {
  let current: { value: string; ends: number } | undefined;
  let refused = false;
  let fetching: Promise<void> | undefined;
  return {
    async ready(exchange, now) {
      if (current !== undefined && !refused && now < current.ends) return;
      fetching ??= obtain(exchange, now)
        .then(({ value, seconds }) => {
          const header = unsendable(carry(value));
          if (header !== undefined) {
            const message = `the token that the vendor gave holds a character that no HTTP header can carry (${header})`;
            throw new ReportError('VendorContractError', message, { wide: true });
          }
          current = { value, ends: now + Math.max(seconds - MARGIN_SECONDS, seconds / 2) * 1000 };
          refused = false;
        })
        .finally(() => {
          fetching = undefined;
        });
      await fetching;
    },
    sign() {
      if (current === undefined) throw new Error('a request was signed before its token was ready');
      return carry(current.value);
    },
    // Kept until there is another: requests that were ready before the refusal may still be waiting for their turn.
    renew() {
      refused = true;
      return true;
    },
  };
}

const TokenAnswer = z.object({
  access_token: z.string().check(z.minLength(1)),
  expires_in: z._default(z.coerce.number(), 3600),
});

/**
 * The fields with which an application requests its own token, unless `more` names another grant; and whatever else the
 * vendor wants.
 */
export const clientFields = (
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  more: Record<string, string> = {},
): Record<string, string> => ({
  ...{ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
  ...more,
});

/**
 * OAuth 2 client credentials (RFC 6749, 4.4) and its relatives: the fields go as a form, or as JSON if the vendor wants
 * that.
 */
export function clientCredentials(options: {
  /** Address of the token endpoint; a path is relative to the API's base. */
  url: string;
  fields: Record<string, string>;
  as?: 'form' | 'json';
  headers?: Record<string, string>;
  refusal?: Refusal;
}): Auth {
  return token(async (exchange) => {
    const body = options.as === 'json' ? { json: options.fields } : { form: options.fields };
    const answer = await exchange({
      url: options.url,
      ...body,
      ...(options.headers === undefined ? {} : { headers: options.headers }),
      ...(options.refusal === undefined ? {} : { refusal: options.refusal }),
      schema: TokenAnswer,
    });
    return { value: answer.access_token, seconds: answer.expires_in };
  });
}

const OAuthError = z.object({ error: z.optional(z.unknown()), error_description: z.optional(z.unknown()) });

/** The default error of a refused token request, with at most 200 characters of the vendor's answer. */
export function refusedCredentials(where: string, status: number, text: string): ReportError {
  let words = '';
  try {
    const { error, error_description } = z.parse(OAuthError, JSON.parse(text));
    words = [error, error_description].filter((part) => typeof part === 'string').join(': ');
  } catch {
    // Not JSON: the status has to do.
  }
  return new ReportError(
    'VendorAuthError',
    `${where} refused the credentials (HTTP ${status}${words === '' ? '' : `, ${words.slice(0, 200)}`})`,
    { wide: true },
  );
}
