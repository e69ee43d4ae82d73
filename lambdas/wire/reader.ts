import type * as z from 'zod/mini';
import { callMark, type KeptAnswers } from './kept-answers.ts';
import { lookedAt, mark } from './looked-at.ts';
import type { Call, RequestPath } from './request.ts';
import type { WireResponse } from './transport.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH';

/**
 * An answer to a call that only reads, the mark of that call, and a function that keeps the answer, or only its
 * `content`.
 */
export type Answered = { answer: WireResponse; call: string; isKept: boolean; keep: (content?: () => unknown) => void };

/** Makes calls that only read. What was answered before a pause is not requested again. */
export class Reader {
  readonly path: RequestPath;
  readonly #kept: KeptAnswers | undefined;
  /** Calls that were made before their turn, by their marks. */
  readonly #ahead = new Map<string, Promise<Answered>>();

  constructor(path: RequestPath, kept?: KeptAnswers) {
    this.path = path;
    this.#kept = kept;
  }

  /** See `callMark` for `partMark`. */
  ask(method: Method, to: string, call: Call, partMark?: string): Promise<Answered> {
    const asked = callMark(this.path.declaration, method, to, call, partMark);
    const ahead = this.#ahead.get(asked);
    this.#ahead.delete(asked);
    return ahead ?? this.#ask(method, to, call, asked);
  }

  /** Makes a call before its turn and returns its mark. `ask` then takes the answer, or rejects with its error. */
  askAhead(method: Method, to: string, call: Call, partMark?: string): string {
    const asked = callMark(this.path.declaration, method, to, call, partMark);
    if (!this.#ahead.has(asked)) {
      const answered = this.#ask(method, to, call, asked);
      answered.catch(() => {});
      this.#ahead.set(asked, answered);
    }
    return asked;
  }

  /** Drops the answers of these calls that nobody took; resolves when none of the calls is under way. */
  async dropAhead(calls: Iterable<string>): Promise<void> {
    const dropped = [...calls].flatMap((call) => this.#ahead.get(call) ?? []);
    for (const call of calls) this.#ahead.delete(call);
    await Promise.allSettled(dropped);
  }

  async #ask(method: Method, to: string, call: Call, asked: string): Promise<Answered> {
    const turn = this.#kept?.turnOf(asked);
    if (turn?.kept !== undefined) return { answer: turn.kept, call: asked, isKept: true, keep: () => {} };
    const answer = await this.path.send(method, to, call);
    const keep: Answered['keep'] = (content) =>
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

  /** Drops what was kept of these calls. */
  forget(calls: Iterable<string>): void {
    this.#kept?.forget(calls);
  }
}

/** The answer with this JSON as its body. */
const withJson = ({ status, headers }: WireResponse, content: unknown): WireResponse => ({
  status,
  headers: { ...headers, 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(content)),
});
