import type { Query } from './request.ts';

/** A page's figures for the whole list. */
export type Declared = { rows?: number | undefined; pages?: number | undefined };

/** The page just read, as a paging kind sees it. */
export type PageRead<B> = {
  body: B;
  headers: Record<string, string>;
  /** The keys of this page's rows, repetitions included. */
  keys: readonly (string | number)[];
  /** Pages read before this one. */
  index: number;
  /** Rows received on all pages so far, repetitions included. */
  received: number;
  /** Rows of this page that no page before it held. */
  fresh: number;
};

/** What leads to a page: a query, or an address. */
export type Way = { query?: Query; url?: string };

/** What follows a page: another one, or the end with the sign by which it was recognized. */
export type Step =
  /**
   * `later`: the ways to the pages after the next one, at most `most`, that must exist if this page's figures are
   * right.
   */
  | { next: Way; later?: (most: number) => Way[] }
  /** `bySilence`: nothing marks this as the end, there is only no next page. */
  | { end: string; bySilence?: true };

/**
 * A way of paging: what the first request asks for and what follows each page. The kinds below are all there are;
 * whatever they do, the reader checks that no cursor repeats, that every page brings something new, and that totals add
 * up.
 */
export type Paging<B> = {
  first: Query;
  step(page: PageRead<B>): Step;
  declared?: ((body: B, headers: Record<string, string>) => Declared) | undefined;
  /**
   * After a full page with these keys, behind which nothing follows: the way that must lead to its last row again. A
   * wrong key leads past the rows behind it.
   */
  again?: (keys: readonly (string | number)[]) => { way: Way; row: string | number } | undefined;
  /** True where `step` judges a page that brings nothing new; otherwise such a page is an error. */
  judgesRepeats?: boolean;
  /** True if pages are cut by position: if a row moves to a page already read, it is never seen. */
  byPosition?: boolean;
  /** True if the vendor's cursor leads on, which it can have forgotten after a pause. */
  byCursor?: boolean;
  /** True if another figure of the vendor reveals a list that ended early; otherwise a full last page is checked. */
  judgesSilence?: boolean;
};

/**
 * For the definition of a column that is counted from a list cut by position without a total: nothing there shows that
 * a row moved to a page already read.
 */
export const MAY_HIDE = 'the API gives no total: a row deleted while the list is read can hide another one';

const isEnd = (cursor: string | number | null | undefined): cursor is null | undefined | '' =>
  cursor === null || cursor === undefined || cursor === '' || cursor === 'null';

/** The whole list in one answer. */
export const single = <B>(declared?: Paging<B>['declared']): Paging<B> => ({
  first: {},
  step: () => ({ end: 'the API has one page' }),
  declared,
});

/** An opaque cursor from each page, sent back as `param`; the end is a missing cursor. */
export const byToken = <B>(options: {
  param: string;
  query?: Query | undefined;
  next: (body: B, headers: Record<string, string>) => string | number | null | undefined;
  declared?: Paging<B>['declared'] | undefined;
}): Paging<B> => ({
  first: options.query ?? {},
  byCursor: true,
  step: ({ body, headers }) => {
    const cursor = options.next(body, headers);
    return isEnd(cursor)
      ? { end: 'no further cursor', bySilence: true }
      : { next: { query: { ...options.query, [options.param]: cursor } } };
  },
  declared: options.declared,
});

/**
 * An address for the next page, followed as it is; the end is a missing address. If the address holds a page number,
 * `numbered` names its parameter, the rows of a full page and the total, from which the addresses of later pages
 * follow.
 */
export const byLink = <B>(options: {
  query?: Query | undefined;
  next: (body: B, headers: Record<string, string>) => string | null | undefined;
  declared?: Paging<B>['declared'] | undefined;
  numbered?: { param: string; size: number; total: (body: B) => number | undefined };
}): Paging<B> => ({
  first: options.query ?? {},
  byCursor: true,
  step: (page) => {
    const link = options.next(page.body, page.headers);
    if (isEnd(link)) return { end: 'no next link', bySilence: true };
    const { numbered } = options;
    return { next: { url: link }, ...(numbered === undefined ? {} : { later: linksBehind(link, page, numbered) }) };
  },
  declared: options.declared,
});

/** The links to the pages after that of `link`. */
function linksBehind<B>(
  link: string,
  page: PageRead<B>,
  { param, size, total }: { param: string; size: number; total: (body: B) => number | undefined },
): (most: number) => Way[] {
  const number = new RegExp(`(?<=[?&]${param}=)\\d+`, 'u');
  const next = number.exec(link)?.[0];
  if (next === undefined) return () => [];
  const left = pagesOf(total(page.body), size) - page.index - 1;
  return between(1, left, (further) => ({ url: link.replace(number, String(Number(next) + further)) }));
}

/** The `rel="next"` address of a Link header (RFC 8288). */
export const nextLink = (headers: Record<string, string>): string | undefined =>
  headers.link
    ?.split(/,\s*(?=<)/u)
    .map((link) => /^\s*<([^>]*)>.*;\s*rel="?next"?/iu.exec(link)?.[1])
    .find((address) => address !== undefined);

/** Where a list without a declared total ends: at the first empty page (safest), or at the first that is not full. */
export type Until = 'empty' | 'short';

/** Numbered pages. With `declared` they end at the declared total; without, `until` says what ends the list. */
export const byPage = <B>(options: {
  param: string;
  first: 0 | 1;
  size: { param: string; value: number };
  query?: Query | undefined;
  declared?: Paging<B>['declared'] | undefined;
  until?: Until | undefined;
}): Paging<B> => {
  const { size } = options;
  const query = (page: number): Query => ({ ...options.query, [options.param]: page, [size.param]: size.value });
  const way = (index: number): Way => ({ query: query(options.first + index) });
  return {
    first: query(options.first),
    byPosition: true,
    step: (page) => {
      const next = page.index + 1;
      const declared = options.declared?.(page.body, page.headers) ?? {};
      const { rows, pages = pagesOf(rows, size.value) } = declared;
      return (
        ended(page, size.value, declared, options.until) ?? { next: way(next), later: between(next + 1, pages, way) }
      );
    },
    declared: options.declared,
  };
};

/**
 * Numbered pages of an undocumented API. No total is needed, and one that a full page reaches may be that page's own,
 * so another page is requested. Without a total, a page shorter than another one of its kind is the last: no cap of the
 * server's explains it. The reader compares the last total with what was listed. Takes the kind of list, as the server
 * can cap each kind at another size.
 */
export const byPageUnknown = <B>(options: {
  param: string;
  first: 0 | 1;
  size: { param: string; value: number };
  declared: (body: B) => Declared;
}): ((kind: string) => Paging<B>) => {
  const { declared, ...rest } = options;
  const plain = byPage<B>(rest);
  const longest = new Map<string, number>();
  return (kind) => ({
    ...plain,
    declared,
    step: (page) => {
      const { rows } = declared(page.body);
      const longestBefore = longest.get(kind) ?? 0;
      const shorter = page.keys.length < longestBefore;
      // A page longer than requested was not cut, so it does not show where others are.
      if (page.keys.length <= options.size.value) longest.set(kind, Math.max(longestBefore, page.keys.length));
      if (rows === undefined && page.keys.length > 0 && shorter) return { end: 'a page that is not full' };
      return rows !== undefined && page.received >= rows && page.keys.length < options.size.value
        ? { end: 'all declared rows received, on a page that is not full' }
        : plain.step(page);
    },
  });
};

/** Offsets counted in rows received, so that a page shortened by the server leaves no hole. */
export const byOffset = <B>(options: {
  param: string;
  size: { param: string; value: number };
  query?: Query | undefined;
  declared?: Paging<B>['declared'] | undefined;
  until?: Until | undefined;
}): Paging<B> => {
  const { size } = options;
  const query = (offset: number): Query => ({ ...options.query, [options.param]: offset, [size.param]: size.value });
  return {
    first: query(0),
    byPosition: true,
    step: (page) => {
      const way = (further: number): Way => ({ query: query(page.received + further * size.value) });
      const declared = options.declared?.(page.body, page.headers) ?? {};
      const { rows = 0 } = declared;
      // If the server cuts pages shorter, it is not known yet where they begin.
      const left = page.keys.length === size.value ? pagesOf(rows - page.received, size.value) : 0;
      return ended(page, size.value, declared, options.until) ?? { next: way(0), later: between(1, left, way) };
    },
    declared: options.declared,
  };
};

/** The ways to the pages `from` to `to` (not included), at most `most`. */
const between =
  (from: number, to: number, way: (number: number) => Way) =>
  (most: number): Way[] =>
    Array.from({ length: Math.max(0, Math.min(most, to - from)) }, (_, index) => way(from + index));

/** How many pages hold that many rows; if the server cuts pages shorter, there are more. */
const pagesOf = (rows: number | undefined, size: number): number => Math.ceil((rows ?? 0) / size);

/**
 * The keys of a page, each once, the largest first. Texts, of digits too, are keys of rows that cannot be read; they
 * lead nowhere.
 */
const numbersOf = (keys: readonly (string | number)[]): number[] =>
  [...new Set(keys)].filter((key) => typeof key === 'number').sort((a, b) => b - a);

/** Keyset paging: the next page begins after the largest key seen; only an empty page is the end. */
export const afterId = (options: {
  param: string;
  size: { param: string; value: number };
  query?: Query | undefined;
}): Paging<unknown> => {
  const first: Query = { ...options.query, [options.size.param]: options.size.value };
  const wayAfter = (key: number): Way => ({ query: { ...first, [options.param]: key } });
  return {
    first,
    step: ({ keys }) => (keys.length === 0 ? { end: 'an empty page' } : { next: wayAfter(numbersOf(keys)[0] ?? 0) }),
    again: (keys) => {
      const [largest, before] = numbersOf(keys);
      return largest === undefined || before === undefined ? undefined : { way: wayAfter(before), row: largest };
    },
  };
};

function ended<B>(
  page: PageRead<B>,
  size: number,
  { rows, pages }: Declared,
  until: Until | undefined,
): { end: string } | undefined {
  if (pages !== undefined) return page.index + 1 >= pages ? { end: 'the last declared page' } : undefined;
  if (rows !== undefined) return page.received >= rows ? { end: 'all declared rows received' } : undefined;
  if (page.keys.length === 0) return { end: 'an empty page' };
  if (until === 'short' && page.keys.length < size) return { end: 'a page that is not full' };
  return undefined;
}
