import type * as z from 'zod/mini';
import type { ApiDeclaration } from './api-declaration.ts';
import { type Attempted, prepare, sendOnce } from './attempt.ts';
import { type Auth, anonymous, type Exchange, refusedCredentials } from './auth.ts';
import type { Call, Query } from './call.ts';
import { classify } from './classify.ts';
import { beginning, excerpt, isBadRequest, isWebPage } from './excerpt.ts';
import { guardHost, type HostPattern } from './hosts.ts';
import { Limiter } from './limit.ts';
import { conform, parseJson } from './parse.ts';
import { type Refused, refusal, refuseFirewall } from './refusal.ts';
import { RetryPolicy, type Setback } from './retry.ts';
import { type Moved, Route } from './route.ts';
import { mayWait, type Session, waitOrPause } from './session.ts';
import type { WireRequest, WireResponse } from './transport.ts';

export type { ApiDeclaration } from './api-declaration.ts';
export type { Call, Query } from './call.ts';

/** Why work stops although nothing is wrong. */
const TIME_IS_UP = 'this invocation has no time left';

/** In a token answer everything this long is a token; shorter words ("Bearer") are not. */
const SHORTEST_TOKEN = 16;

/** What an attempt means for the request path. */
type Judged = { verdict: 'fine'; answer: WireResponse } | Refused | Setback;

/**
 * The one way to a vendor: limit, authenticate, send, classify, retry, and (in `json`) parse and validate. Whatever
 * holds here holds for every vendor. Errors: `ReportError`, and `Paused` if a wait outlasts the lifetime.
 */
export class RequestPath {
  readonly declaration: ApiDeclaration;
  readonly session: Session;
  readonly #limiter: Limiter;
  readonly #hosts: readonly HostPattern[];
  readonly #moved: Moved = new Map();

  constructor(declaration: ApiDeclaration, session: Session, limiter?: Limiter) {
    this.declaration = declaration;
    this.session = session;
    this.#limiter = limiter ?? new Limiter(session.clock, declaration.limit);
    this.#hosts = [new URL(declaration.base).host, ...(declaration.hosts ?? [])];
  }

  /** The same path with other credentials or another base, inside the same limit. */
  with(changes: { auth?: Auth; base?: string; headers?: Record<string, string> }): RequestPath {
    const hosts = this.#hosts;
    // A new base can come from the vendor; the credentials must not travel to any further host.
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
    return this.read(answer, schema, method, path).body;
  }

  /** The same, with the JSON as it came. */
  read<T>(answer: WireResponse, schema: z.ZodMiniType<T>, method: string, path: string): { body: T; content: unknown } {
    const where = this.#where(method, this.#url(path, undefined));
    const content = parseJson(answer.body, answer.headers['content-type'], where);
    return { body: conform(schema, content, where), content };
  }

  /** Checks an answer's content against a shape. */
  conform<T>(content: unknown, schema: z.ZodMiniType<T>, method: string, path: string): T {
    return conform(schema, content, this.#where(method, this.#url(path, undefined)));
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

  /**
   * Sends until there is an answer to return: follows redirects, renews credentials once, retries what was not
   * answered.
   */
  async #send(method: WireRequest['method'], to: URL, call: Call, auth: Auth): Promise<WireResponse> {
    const { session, declaration } = this;
    const repeatable = method === 'GET' || call.reads === true;
    const route = new Route(to, this.#hosts, this.#moved);
    const retries = new RetryPolicy(declaration, session.random, repeatable);
    for (let renewed = false; ; ) {
      const url = route.next();
      const where = this.#where(method, url);
      await auth.ready(this.#exchange, session.clock.now());
      const attempted = await this.#attempt(method, url, call, auth);
      if ('answer' in attempted) {
        if (repeatable && route.follows(attempted.answer, where)) continue;
        const { answer } = attempted;
        refuseFirewall(answer, where);
        if (call.accept?.includes(answer.status) || call.acceptWhere?.(answer) === true) return answer;
      }
      const judged = this.#judge(attempted);
      switch (judged.verdict) {
        case 'fine':
          return judged.answer;
        case 'limited':
        case 'unavailable': {
          const { wait, reason } = retries.after(judged, where);
          await waitOrPause(session, wait, reason);
          break;
        }
        default:
          if (judged.verdict !== 'unauthorized' || renewed || !auth.renew())
            throw refusal(judged, where, declaration, session.redactor);
          renewed = true;
      }
    }
  }

  /** One attempt inside the limit. */
  async #attempt(method: WireRequest['method'], url: URL, call: Call, auth: Auth): Promise<Attempted> {
    const { session, declaration } = this;
    return this.#limiter.run(
      async () => {
        const wire = prepare(method, url, call, auth, declaration, session.clock.now());
        mayWait(session, 0, TIME_IS_UP);
        return sendOnce(wire, session, this.#where(method, url), declaration.timeoutSeconds);
      },
      (milliseconds) => mayWait(session, milliseconds, `${declaration.name}: staying within its rate limit`),
    );
  }

  #judge(attempted: Attempted): Judged {
    if ('fault' in attempted) return { verdict: 'unavailable', fault: attempted.fault };
    const { answer } = attempted;
    const now = this.session.clock.now();
    const verdict = this.declaration.classify?.(answer, now) ?? classify(answer, now);
    if (verdict.verdict === 'limited') return verdict;
    if (verdict.verdict !== 'unavailable') return { verdict: verdict.verdict, answer };
    const { after, reason } = verdict;
    if (reason !== undefined) return { verdict: 'unavailable', after, fault: reason };
    const page = isWebPage(answer) ? ', a web page instead of an API answer' : '';
    return {
      verdict: 'unavailable',
      after,
      fault: `HTTP ${answer.status}${page}`,
      words: excerpt(answer, this.session.redactor),
    };
  }

  readonly #exchange: Exchange = async (call) => {
    const url = this.#url(call.url, undefined);
    const where = this.#where('POST', url);
    const { url: _, schema, refusal: ownRefusal, ...request } = call;
    const refusals = { accept: [401, 403], acceptWhere: isBadRequest };
    const answer = await this.#send('POST', url, { reads: true, ...refusals, ...request }, anonymous);
    if (answer.status >= 400) {
      const text = beginning(answer, this.session.redactor);
      throw ownRefusal?.(answer, text) ?? refusedCredentials(where, answer.status, text);
    }
    const parsed = conform(schema, parseJson(answer.body, answer.headers['content-type'], where), where);
    this.session.redactor.hide(parsed, SHORTEST_TOKEN);
    return parsed;
  };
}
