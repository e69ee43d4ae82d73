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

/** Where a page stands. */
type Place = { path: string; query?: Call['query'] };

/**
 * Reads a list page by page and yields each row once. The receipt is pushed to `receipts` when the end was witnessed.
 * Errors: `ListUnsound` where a cursor repeats, a page brings nothing new, rows changed places, or the declared total disagrees
 * or falls.
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
  let at: Place = { path, query: { ...list.query, ...paging.first } };
  let received = 0;
  let total: number | undefined;
  /** Rows of the page before, and of the largest so far. */
  let last = 0;
  let largest = 0;
  /** Empty pages in a row: a cursor may lead through one. */
  let empty = 0;

  const read = async (place: Place) => {
    const method = list.method ?? 'GET';
    const { headers, ...answer } = await request.send(method, place.path, {
      ...list,
      reads: true,
      query: place.query,
    });
    const body = request.parse({ headers, ...answer }, list.page, method, place.path);
    return { body, headers, rows: list.rows(body), declared: paging.declared?.(body, headers)?.rows };
  };

  for (let index = 0; ; index += 1) {
    let page = await read(at);
    // An empty page that nothing announced (no total, no short page before it) may be a hiccup: it has to come twice.
    const announced = page.declared !== undefined || last < largest || (index === 1 && isShort(last, paging));
    if (page.rows.length === 0 && !announced) page = await read(at);
    const { body, headers, rows, declared } = page;
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
    last = rows.length;
    empty = rows.length === 0 ? empty + 1 : 0;
    largest = Math.max(largest, last);
    const fresh = seen.size - before;
    if (rows.length > 0 && fresh === 0 && paging.judgesRepeats !== true)
      throw new ListUnsound(where, `page ${index + 1} repeats rows already read`);
    // No total will tell what went unseen when rows changed places, or when the list has no order.
    const untold = total === undefined && declared === undefined;
    if (paging.byPosition === true && untold && fresh > 0 && new Set(keys).size > fresh)
      throw new ListUnsound(where, `page ${index + 1} repeats some rows already read: others may never have come`);
    // Something read already was taken away, so rows behind it moved up and one of them was never seen.
    if (total !== undefined && declared !== undefined && declared < total)
      throw new ListUnsound(where, `the vendor declares ${declared} rows after ${total}, and listed ${seen.size}`);
    total = declared ?? total;

    const stepFrom = (given: B, itsHeaders: Record<string, string>) =>
      paging.step({ body: given, headers: itsHeaders, keys, index, received, fresh });
    const step = stepFrom(body, headers);
    if ('end' in step) {
      if (total !== undefined && total !== seen.size) {
        throw new ListUnsound(where, `the vendor declares ${total} rows and listed ${seen.size}`);
      }
      const smaller =
        step.bySilence === true && paging.judgesSilence !== true && total === undefined
          ? smallerThan(rows.length, at, paging)
          : undefined;
      if (smaller !== undefined) {
        const again = await read(smaller);
        if (again.rows.length === rows.length - 1 && 'end' in stepFrom(again.body, again.headers)) {
          throw new ListUnsound(where, `a page as full as it was asked for (${rows.length} rows) names no next one`);
        }
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
    const next =
      step.next.url === undefined ? { path, query: { ...list.query, ...step.next.query } } : { path: step.next.url };
    const signature = JSON.stringify(next);
    const onward = empty === 0 || (empty === 1 && !asked.has(signature));
    if (!onward && total !== undefined && seen.size < total) {
      throw new ListUnsound(where, `an empty page after ${seen.size} of ${total} declared rows`);
    }
    if (asked.has(signature)) throw new ListUnsound(where, 'the cursor leads back to a page already read');
    asked.add(signature);
    at = next;
  }
}

/** True where a page holds fewer rows than the first request asked for. */
const isShort = <B>(rows: number, { first }: Paging<B>): boolean =>
  Object.values(first).some((value) => typeof value === 'number' && rows < value);

/**
 * A last page that is exactly as long as it was asked to be looks like a page whose way to the next one was lost (a renamed
 * cursor). Asked for one row less, it must name a next page. This is that request; undefined where the page was not full.
 */
function smallerThan<B>(rows: number, at: Place, paging: Paging<B>): Place | undefined {
  const [size] = Object.entries(paging.first).find(([, value]) => value === rows) ?? [];
  if (size === undefined || rows < 2) return undefined;
  return { path: at.path, query: { ...at.query, [size]: rows - 1 } };
}
