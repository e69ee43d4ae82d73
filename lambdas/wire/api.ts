import type * as z from 'zod/mini';
import type { Comparison, ListReceipt } from '../report/collection.ts';
import type { Auth } from './auth.ts';
import { type List, readList } from './list.ts';
import type { Paging } from './paging.ts';
import { conform } from './parse.ts';
import type { Call, RequestPath } from './request.ts';
import type { WireResponse } from './transport.ts';

/** Proof gathered while reading. */
export type Evidence = { lists: ListReceipt[]; comparisons: Comparison[] };

/** A system's API: every call goes down the one request path, every list leaves a receipt. */
export class Api {
  protected readonly path: RequestPath;
  readonly evidence: Evidence;

  constructor(path: RequestPath, evidence: Evidence = { lists: [], comparisons: [] }) {
    this.path = path;
    this.evidence = evidence;
  }

  /** Name of the vendor, for messages. */
  get name(): string {
    return this.path.declaration.name;
  }

  /** The same API with other credentials, another base or further headers; limit, deadline and receipts are shared. */
  with(changes: { auth?: Auth; base?: string; headers?: Record<string, string> }): Api {
    return new Api(this.path.with(changes), this.evidence);
  }

  /** GET, parsed and validated. */
  get<T>(path: string, call: Call & { schema: z.ZodMiniType<T> }): Promise<T> {
    return this.path.json('GET', path, call);
  }

  /** POST, parsed and validated. Repeated after a fault only with `reads: true`. */
  post<T>(path: string, call: Call & { schema: z.ZodMiniType<T> }): Promise<T> {
    return this.path.json('POST', path, call);
  }

  /** The raw answer, for what is not JSON or where a status other than 2xx is an answer. */
  send(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, call: Call = {}): Promise<WireResponse> {
    return this.path.send(method, path, call);
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
    return readList(path, list, paging, this.path, this.evidence.lists);
  }
}
