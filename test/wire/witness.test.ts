import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListUnsound } from '../../lambdas/wire/list-unsound.ts';
import type { Paging } from '../../lambdas/wire/paging.ts';
import { LONGEST_LIST, Witness } from '../../lambdas/wire/witness.ts';

const witness = (paging: Pick<Paging<never>, 'byPosition' | 'judgesRepeats'> = {}) =>
  new Witness<{ id: number }>('Vendor list /x', paging);
const page = (keys: readonly number[], declared?: number) => ({
  rows: keys.map((id) => ({ id })),
  keys,
  contents: keys,
  declared,
});

describe('the witness of a list', () => {
  it('passes on every row once and counts what came', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }), { maxLength: 6 }), (pages) => {
        const of = witness({ judgesRepeats: true });
        const seen = pages.flatMap((keys) => of.see(page(keys)).map(({ id }) => id));
        expect(seen).toEqual([...new Set(pages.flat())]);
        expect([of.pages, of.received, of.distinct]).toEqual([pages.length, pages.flat().length, seen.length]);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the last total that was declared', () => {
    const of = witness();
    for (const [keys, declared, total] of [
      [[1], undefined, undefined],
      [[2], 5, 5],
      [[3], undefined, 5],
      [[4], 6, 6],
    ] as const) {
      of.see(page(keys, declared));
      expect(of.total).toBe(total);
    }
  });

  it('does not believe a list without end: a million rows, or 20,000 pages', () => {
    expect(LONGEST_LIST).toEqual({ rows: 1_000_000, pages: 20_000 });
    const upTo = (...pages: number[][]) => {
      const of = new Witness<{ id: number }>('Vendor list /x', {}, { rows: 5, pages: 3 });
      for (const keys of pages) of.see(page(keys));
    };
    expect(() => upTo([1, 2], [3, 4, 5])).not.toThrow();
    expect(() => upTo([1], [2], [3])).not.toThrow();
    const tooLong = (rows: number, pages: number) =>
      `Vendor list /x: the list has no end: ${rows} rows on ${pages} pages, and at most 5 rows or 3 pages are read`;
    expect(() => upTo([1, 2], [3, 4, 5, 6])).toThrow(tooLong(6, 2));
    expect(() => upTo([1], [2], [3], [4])).toThrow(tooLong(4, 4));
    // Reading it again would take as long.
    expect(() => upTo([1, 2, 3, 4, 5, 6])).not.toThrow(ListUnsound);
    expect(() => upTo([1, 2, 3, 4, 5, 6])).toThrow(expect.objectContaining({ name: 'VendorContractError' }));
  });
});

describe('repeats', () => {
  it('are unsound if a page brings nothing else, unless the way of paging judges that', () => {
    const of = witness();
    of.see(page([1, 2]));
    expect(() => of.see(page([2, 1]))).toThrow(new ListUnsound('Vendor list /x', 'page 2 repeats rows already read'));
    for (const byPosition of [false, true]) {
      const judged = witness({ judgesRepeats: true, byPosition });
      judged.see(page([1, 2]));
      expect(judged.see(page([2, 1]))).toEqual([]);
    }
  });

  it('are no matter on an empty page', () => {
    const of = witness();
    of.see(page([1]));
    expect(of.see(page([]))).toEqual([]);
  });

  it('make a page doubtful if pages are cut by position and nothing is declared', () => {
    const doubtful = (paging: Pick<Paging<never>, 'byPosition'>, ...pages: ReturnType<typeof page>[]) => {
      const of = witness(paging);
      for (const each of pages) of.see(each);
      return of.doubtfulPage;
    };
    const cut = { byPosition: true };
    expect(doubtful(cut, page([1, 2]), page([2, 3]), page([3, 4]))).toBe(2);
    expect(doubtful(cut, page([1, 2]), page([1, 2, 3]))).toBe(2);
    expect(doubtful({}, page([1, 2]), page([2, 3]))).toBeUndefined();
    expect(doubtful(cut, page([1, 2]), page([3, 3]))).toBeUndefined();
    expect(doubtful(cut, page([1, 2], 3), page([2, 3]))).toBeUndefined();
    expect(doubtful(cut, page([1, 2]), page([2, 3], 3))).toBeUndefined();
    expect(doubtful(cut, page([1, 2]), page([2, 3]), page([4], 4))).toBeUndefined();
  });
});

describe('rows that changed places', () => {
  const cut = { byPosition: true };

  it('are unsound if nothing is declared', () => {
    const of = witness(cut);
    of.see(page([1, 2, 3]));
    const message = 'page 2 repeats some rows already read: others may be missing';
    expect(() => of.see(page([2, 4, 5]))).toThrow(new ListUnsound('Vendor list /x', message));
  });

  it.each([
    ['before', 5, undefined],
    ['with them', undefined, 5],
    ['each time', 5, 5],
  ])('are for the total to judge if one was declared %s', (_, before, now) => {
    const of = witness(cut);
    of.see(page([1, 2, 3], before));
    expect(of.see(page([2, 4, 5], now))).toEqual([{ id: 4 }, { id: 5 }]);
    expect(() => of.totalDiffers()).not.toThrow();
  });
});

describe('what lies behind the first rows of a large page', () => {
  it('belongs to that page: each row once, with the total', () => {
    const of = witness();
    of.see(page([1, 2]));
    expect(of.seeMore(page([2, 3], 3))).toEqual([{ id: 3 }]);
    expect(of.seeMore(page([]))).toEqual([]);
    expect([of.pages, of.received, of.distinct, of.total]).toEqual([1, 4, 3, 3]);
    expect(() => of.seeMore(page([4], 2))).toThrow('the vendor declared 3 rows, then 2');
  });

  it('may not be endless either', () => {
    const of = new Witness<{ id: number }>('Vendor list /x', {}, { rows: 3, pages: 3 });
    of.see(page([1, 2]));
    of.seeMore(page([3]));
    expect(() => of.seeMore(page([4]))).toThrow('the list has no end');
  });
});

describe('a total', () => {
  it('that falls is unsound, and one that stays or grows is not', () => {
    const of = witness();
    of.see(page([1], 3));
    of.see(page([2], 3));
    of.see(page([3], 4));
    expect(() => of.see(page([4], 3))).toThrow('the vendor declared 4 rows, then 3, and listed 4');
  });

  it('has to be what was listed, each row once', () => {
    const of = witness();
    of.see(page([1, 1, 2], 3));
    expect(() => of.totalDiffers()).toThrow('the vendor declares 3 rows but listed 2');
    of.see(page([3]));
    expect(() => of.totalDiffers()).not.toThrow();
    expect(() => witness().totalDiffers()).not.toThrow();
  });
});

describe('an empty page', () => {
  const short = (rows: number) => rows < 3;
  const having = (...pages: number[][]) => {
    const of = witness();
    for (const keys of pages) of.see(page(keys));
    return of;
  };

  it('is sudden at the start and after pages of the full length', () => {
    expect(having().isSuddenlyEmpty(page([]), short)).toBe(true);
    expect(having([1, 2, 3]).isSuddenlyEmpty(page([]), short)).toBe(true);
    expect(having([1, 2], [3, 4]).isSuddenlyEmpty(page([]), short)).toBe(true);
  });

  it('is announced by a total, by a short first page, and by a page shorter than one before it', () => {
    expect(having().isSuddenlyEmpty(page([], 0), short)).toBe(false);
    expect(having([1, 2]).isSuddenlyEmpty(page([]), short)).toBe(false);
    expect(having([1, 2, 3, 4], [5, 6, 7]).isSuddenlyEmpty(page([]), short)).toBe(false);
  });

  it('is no empty one if it has a row', () => {
    expect(having().isSuddenlyEmpty(page([1]), short)).toBe(false);
  });
});

describe('the way on', () => {
  it('leads to no page twice', () => {
    const of = witness();
    of.see(page([1]));
    of.circles('a');
    of.circles('b');
    expect(() => of.circles('a')).toThrow('the cursor leads back to a page already read');
  });

  it('that goes in a circle is called one while declared rows are missing, if no page was empty', () => {
    const of = witness();
    of.see(page([1], 3));
    of.circles('a');
    of.see(page([2]));
    expect(() => of.circles('a')).toThrow('the cursor leads back to a page already read');
  });

  it('leads through one empty page while declared rows are missing, and not through two', () => {
    const of = witness();
    of.see(page([1], 3));
    of.circles('a');
    of.see(page([]));
    of.circles('b');
    of.see(page([]));
    expect(() => of.circles('c')).toThrow('an empty page after 1 of 3 declared rows');
  });

  it('from an empty page back to it is an end too early, and not a circle, if declared rows are missing', () => {
    const of = witness();
    of.see(page([1], 3));
    of.circles('a');
    of.see(page([]));
    expect(() => of.circles('a')).toThrow('an empty page after 1 of 3 declared rows');
  });

  it('may lead through empty pages once all declared rows are there', () => {
    const of = witness();
    of.see(page([1], 1));
    for (const next of ['a', 'b', 'c']) {
      of.see(page([]));
      expect(() => of.circles(next)).not.toThrow();
    }
  });
});
