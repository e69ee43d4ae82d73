import type { ListReceipt } from '../report/collection.ts';
import { ListLost, ListUnsound } from './list-unsound.ts';
import { mark } from './looked-at.ts';
import { type Page, type PageForm, pageOf, type Rest } from './page.ts';
import type { Paging, Step, Way } from './paging.ts';
import type { Reader } from './reader.ts';
import { RefusedAnswer } from './refused-answer.ts';
import type { Call } from './request.ts';
import { type Key, Witness } from './witness.ts';

export { ListLost, ListUnsound } from './list-unsound.ts';

/** A list as its collector declares it. */
export type List<B, R> = Call &
  PageForm<B, R> & {
    method?: 'GET' | 'POST';
    /** Name in the receipt; the path otherwise. */
    list?: string;
  };

/** The address of a page. */
type Place = { path: string; query?: Call['query'] };

/** How to get at the pages of one list. */
type Source<B, R> = {
  where: string;
  paging: Paging<B>;
  first: Place;
  /** Reads a page and requests the `later` ones at the same time. */
  read: (place: Place, later?: readonly Place[]) => Promise<Page<B, R>>;
  /** Requests pages before it is their turn to be read. */
  askAhead: (places: readonly Place[]) => void;
  /** The keys of a page as it is now, even if its answer was kept. */
  keysNow: (place: Place) => Promise<Set<Key>>;
  /** The place of a page after the first. */
  placeOf: (next: Way) => Place;
  /** The places of the pages after the next one, as many as may be requested along with it. */
  laterOf: (step: Extract<Step, { next: Way }>) => Place[];
  /** Whether one of its pages was read before a pause. */
  isResumed: () => boolean;
  /** Drops its kept answers. */
  lost: () => ListLost;
  /** Drops pages that were not read; resolves when none of its requests is under way. */
  end: () => Promise<void>;
};

/**
 * Reads a list page by page and yields each row once. The receipt is pushed to `receipts` once the end is witnessed. A
 * list whose pages repeat rows is read twice: if both readings have the same rows, they count, and the receipt has a
 * note. Pages read before a pause come first and pass the same checks.
 * Errors: `ListUnsound` if a promise of `Witness` is broken, `ListLost` if a pause can be the cause.
 */
export async function* readList<B, R>(
  path: string,
  list: List<B, R>,
  paging: Paging<NoInfer<B>>,
  reader: Reader,
  receipts: ListReceipt[],
): AsyncGenerator<R> {
  const source = sourceOf(path, list, paging, reader);
  try {
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
  } catch (error) {
    throw source.isResumed() && isBroken(error) ? source.lost() : error;
  } finally {
    await source.end();
  }
}

/** During a pause rows can move and the vendor can forget a cursor; read without a pause, the list may be sound. */
const isBroken = (error: unknown): boolean =>
  error instanceof ListUnsound || (error instanceof RefusedAnswer && error.name === 'VendorContractError');

/**
 * Requests the first page of a list before the list is read. Returns a function that keeps the page if a pause comes
 * first.
 */
export function askFirstPage<B, R>(
  path: string,
  list: List<B, R>,
  paging: Paging<NoInfer<B>>,
  reader: Reader,
): () => Promise<void> {
  const source = sourceOf(path, list, paging, reader);
  source.askAhead([source.first]);
  return async () => {
    try {
      (await source.read(source.first)).keep();
    } catch {
      // The reading of the list reports it.
    }
  };
}

function sourceOf<B, R>(path: string, list: List<B, R>, paging: Paging<B>, reader: Reader): Source<B, R> {
  const method = list.method ?? 'GET';
  const where = `${reader.path.declaration.name} list ${list.list ?? path}`;
  const partMark = list.kept?.mark ?? mark(list.page);
  const asked = new Set<string>();
  const ahead = new Set<string>();
  let isResumed = false;
  const callOf = ({ query }: Place): Call => ({
    ...list,
    ...{ reads: true, query },
    ...(list.slices === undefined ? {} : { mayPack: true }),
  });
  const placeOf = ({ url, query }: Way): Place =>
    url === undefined ? { path, query: { ...list.query, ...query } } : { path: url };
  const { concurrency } = reader.path.declaration.limit;
  const askAhead = (places: readonly Place[]): void => {
    for (const place of places) ahead.add(reader.askAhead(method, place.path, callOf(place), partMark));
  };
  return {
    where,
    paging,
    first: { path, query: { ...list.query, ...paging.first } },
    placeOf,
    laterOf: ({ later }) => later?.(concurrency - 1).map(placeOf) ?? [],
    isResumed: () => isResumed,
    lost: () => {
      reader.forget(asked);
      return new ListLost();
    },
    askAhead,
    end: () => reader.dropAhead(ahead),
    async read(place, later = []) {
      const coming = reader.ask(method, place.path, callOf(place), partMark);
      askAhead(later);
      const answered = await coming;
      asked.add(answered.call);
      isResumed ||= answered.isKept;
      return pageOf(answered, list, paging.declared, { path: reader.path, method, place, where });
    },
    async keysNow(place) {
      const answer = await reader.path.send(method, place.path, callOf(place));
      return new Set(list.rows(reader.path.read(answer, list.page, method, place.path).body).map(list.key));
    },
  };
}

/** One reading from the first page to a witnessed end; returns the sign of the end. */
async function* readToEnd<B, R>(source: Source<B, R>, witness: Witness<R>): AsyncGenerator<R, string> {
  const { paging, where } = source;
  let before: { page: Page<B, R>; place: Place } | undefined;
  let later: Place[] = [];
  let isForeseeable = true;
  for (let place = source.first; ; ) {
    let page: Page<B, R> = await source.read(place, later);
    // Before the new page is kept, so that no pause comes between the two.
    if (before?.page.isKept === true && !page.isKept && (await hasMoved(source, before))) throw source.lost();
    page.keep();
    if (witness.isSuddenlyEmpty(page, (rows) => isShort(rows, paging)))
      page = await lookAgain(source, { place, page }, witness);
    if (before?.page.isKept === true && isForgotten(page, paging)) throw source.lost();
    before = { page, place };
    const distinctBefore = witness.distinct;
    yield* witness.see(page);
    const body = 'body' in page ? page.body : yield* readRest(page.rest, witness);
    const seen = { keys: page.keys, index: witness.pages - 1, received: witness.received };
    const stepFrom = (from: { body: B; headers: Record<string, string> }): Step =>
      paging.step({ ...from, ...seen, fresh: witness.distinct - distinctBefore });
    const step = stepFrom({ body, headers: page.headers });
    if ('end' in step) {
      witness.totalDiffers();
      const mayBeSilent = step.bySilence === true && paging.judgesSilence !== true && witness.total === undefined;
      const smaller = mayBeSilent ? smallerThan(page.rows.length, place, paging) : undefined;
      if (smaller !== undefined) {
        const fewer = await source.read(smaller);
        fewer.keep();
        silentEnd(where, page, fewer, stepFrom);
      }
      return step.end;
    }
    place = source.placeOf(step.next);
    const [foreseen = place] = later;
    isForeseeable &&= JSON.stringify(foreseen) === JSON.stringify(place);
    // The first page after a pause is requested alone: it is first compared with the one before.
    later = isForeseeable && !page.isKept ? source.laterOf(step) : [];
    witness.circles(JSON.stringify(place));
  }
}

/** An empty page has to come twice, or what comes instead leads on. */
async function lookAgain<B, R>(
  source: Source<B, R>,
  empty: { place: Place; page: Page<B, R> },
  witness: Witness<R>,
): Promise<Page<B, R>> {
  const again = source.paging.again?.(witness.lastKeys);
  const page = await source.read(again === undefined ? empty.place : source.placeOf(again.way));
  page.keep();
  return again !== undefined && witness.hasNothingBehind(again.row, page) ? empty.page : page;
}

/** Reads what lies behind the first rows of a large page; returns its body. */
async function* readRest<B, R>(rest: Rest<B, R>, witness: Witness<R>): AsyncGenerator<R, B> {
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return next.value;
    yield* witness.seeMore(next.value);
  }
}

/**
 * If pages are cut by position, reads the last one before the pause again: once a row is deleted, later rows move up to
 * it.
 */
async function hasMoved<B, R>(
  { paging, keysNow }: Source<B, R>,
  { page, place }: { page: Page<B, R>; place: Place },
): Promise<boolean> {
  if (paging.byPosition !== true) return false;
  const now = await keysNow(place);
  return !page.keys.every((key) => now.has(key));
}

/**
 * The first page after a pause is empty, and no total confirms it: a vendor can answer like that to a cursor it has
 * forgotten.
 */
const isForgotten = <B, R>({ isKept, rows, declared }: Page<B, R>, { byCursor }: Paging<B>): boolean =>
  byCursor === true && !isKept && rows.length === 0 && declared === undefined;

/** Reads a list that repeats rows a second time; returns the note for its receipt if nothing differs. */
async function readAgain<B, R>(source: Source<B, R>, witness: Witness<R>): Promise<string> {
  const again = new Witness<R>(source.where, source.paging);
  for await (const _ of readToEnd(source, again));
  witness.readingsDiffer(again);
  return `${source.where}: page ${witness.doubtfulPage} repeats rows already read; a second reading has the same ${witness.distinct} rows`;
}

/** True if a page holds fewer rows than the first request asked for. */
const isShort = <B>(rows: number, { first }: Paging<B>): boolean =>
  Object.values(first).some((value) => typeof value === 'number' && rows < value);

/**
 * A last page of exactly the requested length looks like a page whose cursor was lost (renamed). Requested with one row
 * less, it must name a next page. Returns that request; undefined if the page was not full.
 */
function smallerThan<B>(rows: number, place: Place, paging: Paging<B>): Place | undefined {
  const [size] = Object.entries(paging.first).find(([, value]) => value === rows) ?? [];
  if (size === undefined || rows < 2) return undefined;
  return { path: place.path, query: { ...place.query, [size]: rows - 1 } };
}

/** Errors: `ListUnsound` if the full last page, requested with one row less, names no next page either. */
function silentEnd<B, R>(
  where: string,
  { rows }: Page<B, R>,
  smaller: Page<B, R>,
  stepFrom: (page: { body: B; headers: Record<string, string> }) => Step,
): void {
  if ('body' in smaller && smaller.rows.length === rows.length - 1 && 'end' in stepFrom(smaller))
    throw new ListUnsound(where, `a full page (${rows.length} rows) names no next page`);
}
