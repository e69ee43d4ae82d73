import type * as z from 'zod/mini';
import type { ListReceipt } from '../report/collection.ts';
import { ListUnsound } from './list-unsound.ts';
import type { Paging, Step } from './paging.ts';
import type { Call, RequestPath } from './request.ts';
import { type SeenPage, Witness } from './witness.ts';

export { ListUnsound } from './list-unsound.ts';

/** A list as its collector declares it: what a page looks like, where its rows are, what makes a row itself. */
export type List<B, R> = Call & {
  method?: 'GET' | 'POST';
  /** Shape of a whole page, rows included. */
  page: z.ZodMiniType<B>;
  rows: (body: NoInfer<B>) => readonly R[];
  /** What makes a row the same row on two pages. */
  key: (row: NoInfer<R>) => string | number;
  /** What of a row counts, where the page's shape lets more through: two rows of one key have to agree in this. */
  content?: (row: NoInfer<R>) => unknown;
  /** Name in the receipt; the path otherwise. */
  list?: string;
};

/** The address of a page. */
type Place = { path: string; query?: Call['query'] };

type Page<B, R> = SeenPage<R> & { body: B; headers: Record<string, string> };

/** How to get at the pages of one list. */
type Source<B, R> = {
  where: string;
  paging: Paging<B>;
  first: Place;
  read: (place: Place) => Promise<Page<B, R>>;
  /** The place of a page after the first. */
  placeOf: (next: { query?: Call['query']; url?: string }) => Place;
};

/**
 * Reads a list page by page and yields each row once. The receipt is pushed to `receipts` when the end was witnessed. A list
 * whose pages repeat rows is read twice: where both readings have the same rows, they count, and the receipt says so.
 * Errors: `ListUnsound` where a promise of `Witness` is broken.
 */
export async function* readList<B, R>(
  path: string,
  list: List<B, R>,
  paging: Paging<NoInfer<B>>,
  requestPath: RequestPath,
  receipts: ListReceipt[],
): AsyncGenerator<R> {
  const source = sourceOf(path, list, paging, requestPath);
  const witness = new Witness<R>(source.where, paging);
  const end = yield* readToEnd(source, witness);
  const note = witness.doubtfulPage === undefined ? undefined : await readAgain(source, witness);
  receipts.push({
    list: list.list ?? path,
    pages: witness.pages,
    rows: witness.received,
    distinct: witness.distinct,
    ...(witness.total === undefined ? {} : { declaredTotal: witness.total }),
    end,
    ...(note === undefined ? {} : { note }),
  });
}

function sourceOf<B, R>(path: string, list: List<B, R>, paging: Paging<B>, requestPath: RequestPath): Source<B, R> {
  const method = list.method ?? 'GET';
  return {
    where: `${requestPath.declaration.name} list ${list.list ?? path}`,
    paging,
    first: { path, query: { ...list.query, ...paging.first } },
    placeOf: ({ url, query }) => (url === undefined ? { path, query: { ...list.query, ...query } } : { path: url }),
    async read(place) {
      const answer = await requestPath.send(method, place.path, { ...list, reads: true, query: place.query });
      const body = requestPath.parse(answer, list.page, method, place.path);
      const rows = list.rows(body);
      const { headers } = answer;
      return {
        body,
        headers,
        rows,
        keys: rows.map(list.key),
        contents: list.content === undefined ? rows : rows.map(list.content),
        declared: paging.declared?.(body, headers)?.rows,
      };
    },
  };
}

/** One reading from the first page to a witnessed end; returns the sign of the end. */
async function* readToEnd<B, R>(source: Source<B, R>, witness: Witness<R>): AsyncGenerator<R, string> {
  const { paging, where } = source;
  for (let place = source.first; ; ) {
    let page = await source.read(place);
    // It has to come twice.
    if (witness.isSuddenlyEmpty(page, (rows) => isShort(rows, paging))) page = await source.read(place);
    const fresh = witness.see(page);
    yield* fresh;
    const stepFrom = ({ body, headers }: Page<B, R>): Step =>
      paging.step({
        body,
        headers,
        keys: page.keys,
        index: witness.pages - 1,
        received: witness.received,
        fresh: fresh.length,
      });
    const step = stepFrom(page);
    if ('end' in step) {
      witness.totalDiffers();
      const mayBeSilent = step.bySilence === true && paging.judgesSilence !== true && witness.total === undefined;
      const smaller = mayBeSilent ? smallerThan(page.rows.length, place, paging) : undefined;
      if (smaller !== undefined) silentEnd(where, page, await source.read(smaller), stepFrom);
      return step.end;
    }
    place = source.placeOf(step.next);
    witness.circles(JSON.stringify(place));
  }
}

/** Reads a list that repeats rows once more; returns the remark for its receipt where nothing differs. */
async function readAgain<B, R>(source: Source<B, R>, witness: Witness<R>): Promise<string> {
  const again = new Witness<R>(source.where, source.paging);
  for await (const _ of readToEnd(source, again));
  witness.readingsDiffer(again);
  return `${source.where}: page ${witness.doubtfulPage} repeats rows already read; a second reading has the same ${witness.distinct} rows`;
}

/** True where a page holds fewer rows than the first request asked for. */
const isShort = <B>(rows: number, { first }: Paging<B>): boolean =>
  Object.values(first).some((value) => typeof value === 'number' && rows < value);

/**
 * A last page that is exactly as long as it was asked to be looks like a page whose way to the next one was lost (a renamed
 * cursor). Asked for one row less, it must name a next page. This is that request; undefined where the page was not full.
 */
function smallerThan<B>(rows: number, place: Place, paging: Paging<B>): Place | undefined {
  const [size] = Object.entries(paging.first).find(([, value]) => value === rows) ?? [];
  if (size === undefined || rows < 2) return undefined;
  return { path: place.path, query: { ...place.query, [size]: rows - 1 } };
}

/** The full last page, asked for one row less, names no next page either. */
function silentEnd<B, R>(
  where: string,
  { rows }: Page<B, R>,
  smaller: Page<B, R>,
  stepFrom: (page: Page<B, R>) => Step,
): void {
  if (smaller.rows.length === rows.length - 1 && 'end' in stepFrom(smaller))
    throw new ListUnsound(where, `a page as full as it was asked for (${rows.length} rows) names no next one`);
}
