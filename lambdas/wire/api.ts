import type * as z from 'zod/mini';
import type { Comparison, ListReceipt } from '../report/collection.ts';
import type { Auth } from './auth.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { askFirstPage, type List, readList } from './list.ts';
import type { Paging } from './paging.ts';
import { conform } from './parse.ts';
import { Reader } from './reader.ts';
import type { Call, RequestPath } from './request.ts';
import type { WireResponse } from './transport.ts';

/** Proof gathered while reading. */
export type Evidence = { lists: ListReceipt[]; comparisons: Comparison[] };

/**
 * A system's API: every call takes the one request path, every list leaves a receipt. With `kept`, what was read before
 * a pause is not requested again.
 */
export class Api {
  protected readonly path: RequestPath;
  protected readonly kept: KeptAnswers | undefined;
  readonly evidence: Evidence;
  readonly #reader: Reader;

  constructor(path: RequestPath, evidence: Evidence = { lists: [], comparisons: [] }, kept?: KeptAnswers) {
    this.path = path;
    this.evidence = evidence;
    this.kept = kept;
    this.#reader = new Reader(path, kept);
  }

  /** Name of the vendor, for messages. */
  get name(): string {
    return this.path.declaration.name;
  }

  /** The same API with other credentials, another base or further headers; limit, deadline and receipts are shared. */
  with(changes: { auth?: Auth; base?: string; headers?: Record<string, string> }): Api {
    return new Api(this.path.with(changes), this.evidence, this.kept);
  }

  /** GET, parsed and validated. */
  get<T>(path: string, call: Call & { schema: z.ZodMiniType<T> }): Promise<T> {
    return this.#reader.read('GET', path, call);
  }

  /** POST, parsed and validated. Repeated after a fault only with `reads: true`. */
  post<T>(path: string, call: Call & { schema: z.ZodMiniType<T> }): Promise<T> {
    return call.reads === true ? this.#reader.read('POST', path, call) : this.path.json('POST', path, call);
  }

  /** The raw answer, for content other than JSON or statuses other than 2xx. */
  async send(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, call: Call = {}): Promise<WireResponse> {
    if (method !== 'GET' && call.reads !== true) return this.path.send(method, path, call);
    const { answer, keep } = await this.#reader.ask(method, path, call);
    keep();
    return answer;
  }

  /** Parses an answer of `send`. */
  parse<T>(answer: WireResponse, schema: z.ZodMiniType<T>, method: string, path: string): T {
    return this.path.parse(answer, schema, method, path);
  }

  /** Checks a value that came inside another answer. Errors: `VendorContractError`. */
  check<T>(schema: z.ZodMiniType<T>, value: unknown, what: string): T {
    return conform(schema, value, `${this.name} ${what}`);
  }

  /** The rows of a list, each once, page by page to a witnessed end. */
  pages<B, R>(path: string, list: List<B, R>, paging: Paging<NoInfer<B>>): AsyncGenerator<R> {
    return readList(path, list, paging, this.#reader, this.evidence.lists);
  }

  /**
   * Requests the first page of a list before the list is read. Returns a function that keeps the page if a pause comes
   * first.
   */
  firstPage<B, R>(path: string, list: List<B, R>, paging: Paging<NoInfer<B>>): () => Promise<void> {
    return askFirstPage(path, list, paging, this.#reader);
  }
}
