import { ReportError } from '../report/errors.ts';
import { quantity } from '../report/quantity.ts';
import { fingerprint } from './fingerprint.ts';
import { ListUnsound } from './list-unsound.ts';
import type { Declared, Paging } from './paging.ts';

export type Key = string | number;

/** A page as the witness sees it. */
export type SeenPage<R> = {
  rows: readonly R[];
  /** The keys of its rows, in their order. */
  keys: readonly Key[];
  /** The part of each row that counts. */
  contents: readonly unknown[];
  declared: Declared['rows'];
};

/** No list is longer; one without an end would take the memory of the whole run. */
export const LONGEST_LIST = { rows: 1_000_000, pages: 20_000 };

/**
 * Watches one reading of a list. Each check is a promise about the rows that were yielded; a broken promise is
 * `ListUnsound`.
 */
export class Witness<R> {
  readonly #where: string;
  readonly #paging: Pick<Paging<never>, 'byPosition' | 'judgesRepeats'>;
  readonly #most: typeof LONGEST_LIST;
  /** The key of every row so far, with the fingerprint of its content. */
  readonly #rows = new Map<Key, string>();
  readonly #asked = new Set<string>();
  /** How many rows the largest page had so far. */
  #largest = 0;
  /** Empty pages in a row: a cursor may lead through one. */
  #empty = 0;
  #overlapOn: number | undefined;

  /** Keys of the page seen last. */
  lastKeys: readonly Key[] = [];
  /** Pages and rows so far, repetitions included. */
  pages = 0;
  received = 0;
  /** The vendor's own figure for the whole list, as last declared. */
  total: number | undefined;

  constructor(where: string, paging: Pick<Paging<never>, 'byPosition' | 'judgesRepeats'>, most = LONGEST_LIST) {
    this.#where = where;
    this.#paging = paging;
    this.#most = most;
  }

  /** Rows so far, each once. */
  get distinct(): number {
    return this.#rows.size;
  }

  /** True if neither a total nor a short page before it explains why the page is empty: it may be a hiccup. */
  isSuddenlyEmpty({ rows, declared }: SeenPage<R>, isShort: (rows: number) => boolean): boolean {
    if (rows.length > 0 || declared !== undefined) return false;
    const last = this.lastKeys.length;
    return last >= this.#largest && !(this.pages === 1 && isShort(last));
  }

  /** True where `page`, which was asked for to see `row` again, has no row but known ones: nothing is behind it. */
  hasNothingBehind(row: Key, { keys }: SeenPage<R>): boolean {
    if (!keys.includes(row)) this.#unsound(`row ${row} leads past others, or is gone: it does not come again`);
    return keys.every((key) => this.#rows.has(key));
  }

  /** Takes note of a page and checks it; returns the rows that no page before it held. */
  see(page: SeenPage<R>): R[] {
    const { rows, keys, contents } = page;
    const fresh = rows.filter((_, index) => this.#isFresh(keys[index], contents[index]));
    this.pages += 1;
    this.received += rows.length;
    this.#tooLong();
    this.#repeats(rows.length, fresh.length);
    this.#rowsMoved(page, fresh.length);
    this.#totalFell(page.declared);
    this.total = page.declared ?? this.total;
    this.lastKeys = keys;
    this.#largest = Math.max(this.#largest, rows.length);
    this.#empty = rows.length === 0 ? this.#empty + 1 : 0;
    return fresh;
  }

  /** Takes note of more rows of the page that was seen last; returns the new ones. */
  seeMore({ rows, keys, contents, declared }: SeenPage<R>): R[] {
    const fresh = rows.filter((_, index) => this.#isFresh(keys[index], contents[index]));
    this.received += rows.length;
    this.#tooLong();
    this.#totalFell(declared);
    this.total = declared ?? this.total;
    return fresh;
  }

  /** If two rows of one id differ, neither is believed. */
  #isFresh(key: Key | undefined, content: unknown): boolean {
    if (key === undefined) return false;
    const mark = fingerprint(content);
    const before = this.#rows.get(key);
    if (before === undefined) this.#rows.set(key, mark);
    else if (before !== mark) this.#unsound(`two rows of id ${JSON.stringify(key)} contradict each other`);
    return before === undefined;
  }

  #tooLong(): void {
    const { rows, pages } = this.#most;
    if (this.received <= rows && this.pages <= pages) return;
    throw new ReportError(
      'VendorContractError',
      `${this.#where}: the list has no end: ${this.received} rows on ${this.pages} pages, ` +
        `and at most ${rows} rows or ${pages} pages are read`,
    );
  }

  /** A page that brings nothing new: the vendor ignores which page we request. */
  #repeats(rows: number, fresh: number): void {
    if (rows > 0 && fresh === 0 && this.#paging.judgesRepeats !== true)
      this.#unsound(`page ${this.pages} repeats rows already read`);
  }

  /**
   * A page cut by position repeats some rows, and no total shows whether others went unseen. If they are exactly the
   * end of the page before, the vendor may always repeat them there, which a second reading checks. Otherwise rows have
   * moved.
   */
  #rowsMoved({ keys, declared }: SeenPage<R>, fresh: number): void {
    const repeated = new Set(keys).size - fresh;
    const isUndeclared = this.total === undefined && declared === undefined;
    if (this.#paging.byPosition !== true || !isUndeclared || fresh === 0 || repeated === 0) return;
    if (keys.slice(0, repeated).join('\n') !== this.lastKeys.slice(-repeated).join('\n'))
      this.#unsound(`page ${this.pages} repeats some rows already read: others may be missing`);
    this.#overlapOn ??= this.pages;
  }

  /** A row already read was deleted, so later rows moved up and one of them was never seen. */
  #totalFell(declared: number | undefined): void {
    if (this.total !== undefined && declared !== undefined && declared < this.total)
      this.#unsound(
        `the vendor declared ${quantity(this.total, 'row')}, then ${declared}, and listed ${this.distinct}`,
      );
  }

  /** At the end: what was read is as much as the vendor declares. */
  totalDiffers(): void {
    if (this.total !== undefined && this.total !== this.distinct)
      this.#unsound(`the vendor declares ${quantity(this.total, 'row')} but listed ${this.distinct}`);
  }

  /** Before the next request: it leads to a page not requested yet, after one empty page at most. */
  circles(next: string): void {
    const isAsked = this.#asked.has(next);
    const isStuck = this.#empty > 1 || (this.#empty === 1 && isAsked);
    if (isStuck && this.total !== undefined && this.distinct < this.total)
      this.#unsound(`an empty page after ${this.distinct} of ${this.total} declared rows`);
    if (isAsked) this.#unsound('the cursor leads back to a page already read');
    this.#asked.add(next);
  }

  /** The page that begins with rows of the one before, if no total shows whether others are missing. */
  get doubtfulPage(): number | undefined {
    return this.total === undefined ? this.#overlapOn : undefined;
  }

  /** Two readings of a list that repeats rows must have the same rows. */
  readingsDiffer(again: Witness<R>): void {
    const isSame = again.distinct === this.distinct && [...this.#rows.keys()].every((key) => again.#rows.has(key));
    if (!isSame)
      this.#unsound(
        `page ${this.doubtfulPage} repeats some rows already read, and a second reading differs: others may be missing`,
      );
  }

  #unsound(what: string): never {
    throw new ListUnsound(this.#where, what);
  }
}
