import type * as z from 'zod/mini';
import type { ListReceipt } from '../report/collection.ts';
import { ReportError } from '../report/errors.ts';
import type { Paging } from './paging.ts';
import type { Call, RequestPath } from './request.ts';

/** A list, told once: where it stands, what a page looks like, where its rows are, what makes a row itself. */
export type List<B, R> = Call & {
  method?: 'GET' | 'POST';
  /** Shape of a whole page, rows included. */
  page: z.ZodMiniType<B>;
  rows: (body: NoInfer<B>) => readonly R[];
  /** What makes a row the same row on two pages. */
  key: (row: NoInfer<R>) => string | number;
  /** Name in the receipt; the path otherwise. */
  list?: string;
};

/** A list that cannot have been read right: read again once, then an error. */
export class ListUnsound extends ReportError {
  constructor(where: string, what: string) {
    super('VendorContractError', `${where}: ${what}`);
  }
}

/**
 * Reads a list page by page and yields each row once. The receipt is pushed to `receipts` when the end was witnessed.
 * Errors: `ListUnsound` where a cursor repeats, a page brings nothing new, or the declared total disagrees.
 */
export async function* readList<B, R>(
  path: string,
  list: List<B, R>,
  paging: Paging<NoInfer<B>>,
  request: RequestPath,
  receipts: ListReceipt[],
): AsyncGenerator<R> {
  const where = `${request.declaration.name} list ${list.list ?? path}`;
  const seen = new Set<string | number>();
  const asked = new Set<string>();
  let at: { path: string; query?: Call['query'] } = { path, query: { ...list.query, ...paging.first } };
  let received = 0;
  let total: number | undefined;

  for (let index = 0; ; index += 1) {
    const method = list.method ?? 'GET';
    const answer = await request.send(method, at.path, { ...list, reads: true, query: at.query });
    const body = request.parse(answer, list.page, method, at.path);
    const rows = list.rows(body);
    const keys: (string | number)[] = [];
    const before = seen.size;
    for (const row of rows) {
      const key = list.key(row);
      keys.push(key);
      if (seen.has(key)) continue;
      seen.add(key);
      yield row;
    }
    received += rows.length;
    if (rows.length > 0 && seen.size === before)
      throw new ListUnsound(where, `page ${index + 1} repeats rows already read`);
    const declared = paging.declared?.(body, answer.headers);
    total = declared?.rows ?? total;

    const step = paging.step({ body, headers: answer.headers, keys, index, received });
    if ('end' in step) {
      if (total !== undefined && total !== seen.size) {
        throw new ListUnsound(where, `the vendor declares ${total} rows and listed ${seen.size}`);
      }
      receipts.push({
        list: list.list ?? path,
        pages: index + 1,
        rows: received,
        distinct: seen.size,
        ...(total === undefined ? {} : { declaredTotal: total }),
        end: step.end,
      });
      return;
    }
    if (rows.length === 0 && total !== undefined && seen.size < total) {
      throw new ListUnsound(where, `an empty page after ${seen.size} of ${total} declared rows`);
    }
    const next =
      step.next.url === undefined ? { path, query: { ...list.query, ...step.next.query } } : { path: step.next.url };
    const signature = JSON.stringify(next);
    if (asked.has(signature)) throw new ListUnsound(where, 'the cursor leads back to a page already read');
    asked.add(signature);
    at = next;
  }
}
