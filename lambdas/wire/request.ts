import type * as z from 'zod/mini';
import { ReportError } from '../report/errors.ts';
import { type Auth, anonymous, type Exchange, refusedCredentials } from './auth.ts';
import { type Classify, classify, type Verdict } from './classify.ts';
import { guardHost, type HostPattern } from './hosts.ts';
import { type Limit, Limiter } from './limit.ts';
import { conform, parseJson } from './parse.ts';
import { PrivateAddress } from './private-network.ts';
import { RefusedAnswer } from './refused-answer.ts';
import { mayWait, type Session, waitOrPause } from './session.ts';
import { AnswerTooLarge, type WireRequest, type WireResponse } from './transport.ts';

/** A vendor's API as its collector describes it. */
export type ApiDeclaration = {
  /** Name in messages. */
  name: string;
  /** `https://host` and the path that all relative calls stand below. */
  base: string;
  /** Further hosts that requests may go to; the host of `base` always may. */
  hosts?: readonly HostPattern[];
  /** Set where a person wrote the host: it must not lead into a private network. */
  publicOnly?: boolean;
  auth: Auth;
  /** Sent with every request. */
  headers?: Record<string, string>;
  limit: Limit;
  timeoutSeconds?: number;
  /** Waited at least after a 429 that does not say how long. */
  limitedSeconds?: number;
  /** What a person does when the credentials are refused, if it is not just renewing or replacing them. */
  renewal?: string;
  classify?: Classify;
};

export type Query = Record<string, string | number | boolean | undefined>;

/** One call: a path below `base` or a full address, and what goes with it. */
export type Call = {
  query?: Query | undefined;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
  /** In place of a body: what is good for a moment only (a passcode, an assertion) is made anew for every attempt. */
  fresh?: (now: number) => Pick<Call, 'json' | 'form'>;
  /** A body already encoded (multipart); bring its content-type header along. */
  bytes?: Uint8Array;
  /** A POST that only reads may be repeated like a GET; one that creates is never repeated once it may have arrived. */
  reads?: boolean;
  /** Statuses that are answers, not errors, for this call. */
  accept?: readonly number[];
  /** The same where a status alone does not say it. */
  acceptWhere?: (answer: WireResponse) => boolean;
};

/** Attempts at one request when the vendor does not answer, and when it says "slow down". */
const UNAVAILABLE_ATTEMPTS = 5;
const LIMITED_ATTEMPTS = 8;
const FIRST_BACKOFF_SECONDS = 1;
const LONGEST_BACKOFF_SECONDS = 30;
const REDIRECTS = 3;
const TIMEOUT_SECONDS = 60;

/** Why work stops although nothing is wrong. */
const TIME_IS_UP = 'the time of this invocation is up';

/** In a token answer everything this long is a token; shorter words ("Bearer") are not. */
const SHORTEST_TOKEN = 16;

/** Faults of the connection that repeating cannot mend. */
const CERTIFICATE_FAULT = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ALTNAME|EPROTO/u;

/**
 * The one way to a vendor: limit, authenticate, send, classify, retry, and (in `json`) parse and validate.
 * Whatever holds here holds for every vendor. Errors: those of CONTRACT, and `Paused` when a wait outlasts the lifetime.
 */
export class RequestPath {
  readonly declaration: ApiDeclaration;
  readonly session: Session;
  readonly #limiter: Limiter;
  readonly #hosts: readonly HostPattern[];
  /** Origins that the vendor has moved for good (301, 308), so that only the first request takes the detour. */
  readonly #moved = new Map<string, string>();

  constructor(declaration: ApiDeclaration, session: Session, limiter?: Limiter) {
    this.declaration = declaration;
    this.session = session;
    this.#limiter = limiter ?? new Limiter(session.clock, declaration.limit);
    this.#hosts = [new URL(declaration.base).host, ...(declaration.hosts ?? [])];
  }

  /** The same path with other credentials or another base, inside the same limit. */
  with(changes: { auth?: Auth; base?: string; headers?: Record<string, string> }): RequestPath {
    const hosts = this.#hosts;
    // A new base may be the vendor's own word; it opens no further host to the credentials.
    if (changes.base !== undefined) guardHost(new URL(changes.base), hosts);
    return new RequestPath({ ...this.declaration, hosts, ...changes }, this.session, this.#limiter);
  }

  /** Sends and returns the parsed, validated JSON. */
  async json<T>(method: WireRequest['method'], path: string, call: Call & { schema: z.ZodMiniType<T> }): Promise<T> {
    const answer = await this.send(method, path, call);
    return this.parse(answer, call.schema, method, path);
  }

  /** Parses an answer of `send` as JSON of the given shape. */
  parse<T>(answer: WireResponse, schema: z.ZodMiniType<T>, method: string, path: string): T {
    const where = this.#where(method, this.#url(path, undefined));
    return conform(schema, parseJson(answer.body, answer.headers['content-type'], where), where);
  }

  /** Sends and returns the raw answer of an accepted status. */
  async send(method: WireRequest['method'], path: string, call: Call = {}): Promise<WireResponse> {
    return this.#send(method, this.#url(path, call.query), call, this.declaration.auth);
  }

  #url(path: string, query: Query | undefined): URL {
    const { base } = this.declaration;
    const url = new URL(/^https?:\/\//u.test(path) ? path : `${base.replace(/\/$/u, '')}/${path.replace(/^\//u, '')}`);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  #where(method: string, url: URL): string {
    return `${this.declaration.name} ${method} ${url.pathname}`;
  }

  async #send(method: WireRequest['method'], to: URL, call: Call, auth: Auth): Promise<WireResponse> {
    const repeatable = method === 'GET' || call.reads === true;
    let url = to;
    let renewed = false;
    let redirects = 0;
    for (let attempt = 1; ; ) {
      const where = this.#where(method, url);
      url = new URL(url.href.replace(url.origin, this.#moved.get(url.origin) ?? url.origin));
      guardHost(url, this.#hosts);
      await auth.ready(this.#exchange, this.session.clock.now());
      const outcome = await this.#attempt(method, url, call, auth);

      if ('answer' in outcome) {
        const { answer } = outcome;
        if (answer.status >= 300 && answer.status < 400 && answer.headers.location !== undefined && repeatable) {
          redirects += 1;
          if (redirects > REDIRECTS) throw new ReportError('VendorContractError', `${where}: redirected in a circle`);
          const target = new URL(answer.headers.location, url);
          guardHost(target, this.#hosts);
          if (answer.status === 301 || answer.status === 308) this.#moved.set(url.origin, target.origin);
          url = target;
          continue;
        }
        if (call.accept?.includes(answer.status) || call.acceptWhere?.(answer)) return answer;
      }

      const verdict = this.#judge(outcome);
      switch (verdict.verdict) {
        case 'fine':
          return this.#answer(outcome);
        case 'unauthorized':
          if (!renewed && auth.renew()) {
            renewed = true;
            continue;
          }
          throw new ReportError(
            'VendorAuthError',
            `${where}: the credentials were refused (HTTP 401)${this.#said(outcome)}; ${this.declaration.renewal ?? 'renew or replace them'}`,
          );
        case 'forbidden':
          throw new RefusedAnswer(
            'VendorAuthError',
            `${where}: the credentials lack the right to this (HTTP ${this.#answer(outcome).status})${this.#said(outcome)}`,
            this.#answer(outcome).status,
          );
        case 'unexpected':
          throw new RefusedAnswer(
            'VendorContractError',
            `${where}: answered HTTP ${this.#answer(outcome).status}, which this call does not expect${this.#said(outcome)}`,
            this.#answer(outcome).status,
          );
        case 'limited':
          if (attempt >= LIMITED_ATTEMPTS) {
            throw new ReportError('VendorRateLimitError', `${where}: still limited after ${attempt} attempts`);
          }
          await waitOrPause(
            this.session,
            this.#delay(verdict.after, attempt, this.declaration.limitedSeconds),
            `${this.declaration.name} limits the rate`,
          );
          break;
        case 'unavailable': {
          const fault = 'fault' in outcome ? outcome.fault : (verdict.reason ?? `HTTP ${outcome.answer.status}`);
          if (!repeatable) {
            throw new ReportError('VendorUnavailableError', `${where}: ${fault}; whether it took effect is not known`);
          }
          if (attempt >= UNAVAILABLE_ATTEMPTS) {
            throw new ReportError('VendorUnavailableError', `${where}: ${fault} (${attempt} attempts)`, {
              cause: fault,
            });
          }
          await waitOrPause(this.session, this.#delay(verdict.after, attempt), `${this.declaration.name}: ${fault}`);
        }
      }
      attempt += 1;
    }
  }

  /** One attempt inside the limit: signed last, so that a signature's date is fresh. */
  async #attempt(method: WireRequest['method'], url: URL, call: Call, auth: Auth): Promise<Outcome> {
    const { session, declaration } = this;
    return this.#limiter.run(
      async () => {
        const { body, type } = encode(call.fresh?.(session.clock.now()) ?? call);
        const wire: WireRequest = {
          method,
          url,
          headers: {
            accept: 'application/json',
            ...(type === undefined ? {} : { 'content-type': type }),
            ...declaration.headers,
            ...call.headers,
            ...auth.sign({ method, url, body: body ?? '', now: session.clock.now() }),
          },
          ...(body === undefined ? {} : { body }),
          ...(declaration.publicOnly === true ? { publicOnly: true } : {}),
        };
        mayWait(session, 0, TIME_IS_UP);
        session.requests += 1;
        const seconds = declaration.timeoutSeconds ?? TIMEOUT_SECONDS;
        const patience = Math.min(seconds * 1000, session.deadline - session.clock.now());
        const abort = new AbortController();
        const silence = new Promise<Outcome>((resolve) => {
          const stop = session.clock.timer(patience, () =>
            resolve({ fault: `no complete answer within ${Math.ceil(patience / 1000)} s` }),
          );
          abort.signal.addEventListener('abort', stop);
        });
        const answered = session.transport(wire, abort.signal).then(
          (answer): Outcome => ({ answer }),
          (error: unknown): Outcome => faultOf(error, this.#where(method, url)),
        );
        try {
          return await Promise.race([answered, silence]);
        } finally {
          abort.abort();
        }
      },
      (milliseconds) => mayWait(session, milliseconds, `${declaration.name}: keeping inside its rate limit`),
    );
  }

  #judge(outcome: Outcome): Verdict {
    if ('fault' in outcome) return { verdict: 'unavailable' };
    const now = this.session.clock.now();
    return this.declaration.classify?.(outcome.answer, now) ?? classify(outcome.answer, now);
  }

  #answer(outcome: Outcome): WireResponse {
    if ('answer' in outcome) return outcome.answer;
    throw new Error(outcome.fault);
  }

  /** A short, redacted excerpt of a refusal, because that is where vendors say which right is missing. */
  #said(outcome: Outcome): string {
    const text = this.session.redactor.clean(Buffer.from(this.#answer(outcome).body).toString('utf8'));
    const told = text.replace(/\s+/gu, ' ').trim();
    return told === '' || told.startsWith('<') ? '' : `: ${told.slice(0, 200)}`;
  }

  #delay(after: number | undefined, attempt: number, least = 0): number {
    // "0" says no more than nothing: asked again at once, all attempts would be over within a second.
    if (after !== undefined && after > 0) return after * 1000;
    const ceiling = Math.min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** (attempt - 1));
    return Math.max(least * 1000, Math.ceil(this.session.random() * ceiling * 1000));
  }

  readonly #exchange: Exchange = async (call) => {
    const url = this.#url(call.url, undefined);
    const where = this.#where('POST', url);
    const { form, json, fresh, headers } = call;
    const answer = await this.#send(
      'POST',
      url,
      {
        reads: true,
        accept: [400, 401, 403],
        ...(form === undefined ? {} : { form }),
        ...(json === undefined ? {} : { json }),
        ...(fresh === undefined ? {} : { fresh }),
        ...(headers === undefined ? {} : { headers }),
      },
      anonymous,
    );
    if (answer.status >= 400) {
      const text = this.session.redactor.clean(Buffer.from(answer.body).toString('utf8'));
      throw call.refusal?.(answer, text) ?? refusedCredentials(where, answer.status, text);
    }
    const parsed = conform(call.schema, parseJson(answer.body, answer.headers['content-type'], where), where);
    this.session.redactor.hide(parsed, SHORTEST_TOKEN);
    return parsed;
  };
}

type Outcome = { answer: WireResponse } | { fault: string };

function encode(call: Call): { body?: string | Uint8Array; type?: string } {
  if (call.bytes !== undefined) return { body: call.bytes };
  if (call.json !== undefined) return { body: JSON.stringify(call.json), type: 'application/json' };
  if (call.form !== undefined) {
    return { body: new URLSearchParams(call.form).toString(), type: 'application/x-www-form-urlencoded' };
  }
  return {};
}

/** What a rejected transport means: most faults are worth another attempt, a bad certificate or an oversized answer is not. */
function faultOf(error: unknown, where: string): Outcome {
  if (error instanceof AnswerTooLarge) throw new ReportError('VendorContractError', `${where}: ${error.message}`);
  if (error instanceof PrivateAddress) {
    throw new ReportError(
      'ConfigurationError',
      `${where}: ${error.message}; if that is meant, set allowPrivateNetwork in the configuration of the integration`,
      { wide: true },
    );
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  if (CERTIFICATE_FAULT.test(code)) {
    throw new ReportError(
      'VendorUnavailableError',
      `${where}: the server's certificate is not trusted (${code}); install the full chain on that server`,
    );
  }
  return { fault: `no answer (${code === '' ? message : code})` };
}
