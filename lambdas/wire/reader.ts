import type * as z from 'zod/mini';
import { callMark, type KeptAnswers } from './kept-answers.ts';
import { lookedAt, mark } from './looked-at.ts';
import type { Call, RequestPath } from './request.ts';
import type { WireResponse } from './transport.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH';

/** An answer to a call that only reads, the mark of that call, and how to keep as much of it as `content` makes. */
export type Told = { answer: WireResponse; call: string; isKept: boolean; keep: (content?: () => unknown) => void };

/** Asks down a request path for what is only read. What was answered before a pause is told again, without a request. */
export class Reader {
  readonly path: RequestPath;
  readonly #kept: KeptAnswers | undefined;
  /** What was asked before its turn, by the mark of the call. */
  readonly #ahead = new Map<string, Promise<Told>>();

  constructor(path: RequestPath, kept?: KeptAnswers) {
    this.path = path;
    this.#kept = kept;
  }

  /** `looked` is what of the answer is looked at; see `callMark`. */
  ask(method: Method, to: string, call: Call, looked?: string): Promise<Told> {
    const asked = callMark(this.path.declaration, method, to, call, looked);
    const ahead = this.#ahead.get(asked);
    this.#ahead.delete(asked);
    return ahead ?? this.#ask(method, to, call, asked);
  }

  /** Asks for what `ask` will be asked for, and returns the mark of the call. Whoever takes the answer hears of an error. */
  askAhead(method: Method, to: string, call: Call, looked?: string): string {
    const asked = callMark(this.path.declaration, method, to, call, looked);
    if (!this.#ahead.has(asked)) {
      const told = this.#ask(method, to, call, asked);
      told.catch(() => {});
      this.#ahead.set(asked, told);
    }
    return asked;
  }

  /** Gives up what nobody took of these calls; resolves when none of them is under way. */
  async dropAhead(calls: Iterable<string>): Promise<void> {
    const dropped = [...calls].flatMap((call) => this.#ahead.get(call) ?? []);
    for (const call of calls) this.#ahead.delete(call);
    await Promise.allSettled(dropped);
  }

  async #ask(method: Method, to: string, call: Call, asked: string): Promise<Told> {
    const turn = this.#kept?.turnOf(asked);
    if (turn?.kept !== undefined) return { answer: turn.kept, call: asked, isKept: true, keep: () => {} };
    const answer = await this.path.send(method, to, call);
    const keep: Told['keep'] = (content) =>
      turn?.keep(answer, () => (content === undefined ? answer : withJson(answer, content())));
    return { answer, call: asked, isKept: false, keep };
  }

  /** Asks, parses and validates. */
  async read<T>(method: 'GET' | 'POST', to: string, call: Call & { schema: z.ZodMiniType<T> }): Promise<T> {
    const { schema } = call;
    const { answer, keep } = await this.ask(method, to, call, mark(schema));
    const { body, content } = this.path.read(answer, schema, method, to);
    keep(() => lookedAt(schema, content));
    return body;
  }

  /** Nothing of these calls is told again. */
  forget(calls: Iterable<string>): void {
    this.#kept?.forget(calls);
  }
}

/** The answer with this JSON in place of its body. */
const withJson = ({ status, headers }: WireResponse, content: unknown): WireResponse => ({
  status,
  headers: { ...headers, 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(content)),
});
