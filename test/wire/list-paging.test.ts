import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { guessedPages, guessedWhole } from '../../lambdas/wire/guessed-paging.ts';
import {
  cursor,
  keyset,
  LINK_HEADER,
  type ListPaging,
  link,
  MoreAnnounced,
  offsets,
  pages,
  whole,
} from '../../lambdas/wire/list-paging.ts';
import type { Step } from '../../lambdas/wire/paging.ts';

/** What is wrong with an answer; undefined if the list can be read from it. */
const faultsOf = ({ envelope }: ListPaging, answer: unknown): string[] =>
  (z.safeParse(envelope, answer).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

const stepAfter = (
  { paging, rowsOf }: ListPaging,
  body: unknown,
  { headers = {}, index = 0, received = rowsOf(body).length } = {},
): Step =>
  paging.step({
    body,
    headers,
    keys: rowsOf(body).map((_, row) => row + 1),
    index,
    received,
    fresh: rowsOf(body).length,
  });

const rows = [{ id: 1 }, { id: 2 }];

describe('where the rows are', () => {
  it('is a dotted place, the answer itself, or either', () => {
    expect(whole('data.items').rowsOf({ data: { items: rows } })).toEqual(rows);
    expect(whole('').rowsOf(rows)).toEqual(rows);
    expect(whole('items?').rowsOf(rows)).toEqual(rows);
    expect(whole('items?').rowsOf({ items: rows })).toEqual(rows);
  });

  it.each([{ itmes: rows }, {}, null, 'x', { items: {} }, { items: null }])(
    'is never an empty list for %j',
    (answer) => {
      for (const paging of [whole('items'), whole('items?')]) expect(faultsOf(paging, answer)).not.toEqual([]);
    },
  );

  it('names the fields seen if it is missing', () => {
    expect(faultsOf(whole('items'), { itmes: rows, total: 2 })).toEqual([
      'items: expected, found nothing (fields seen: itmes, total)',
    ]);
    expect(faultsOf(whole('items?'), { itmes: rows })).toEqual(['items: expected, found nothing (fields seen: itmes)']);
  });

  it('says what is there instead, and reads no row from it', () => {
    for (const paging of [whole('items'), whole(['items']), whole('items?')]) {
      expect(faultsOf(paging, { items: { id: 1 } })).toEqual(['items: expected an array, found an object']);
      expect(paging.rowsOf({ items: { id: 1 } })).toEqual([]);
    }
    expect(faultsOf(whole('items'), rows)).not.toEqual([]);
  });
});

describe('a figure of the whole list', () => {
  const paged = pages('rows', { page: ['page', 1], size: ['size', 2], total: 'page.total' });

  it('must be there, and be a number', () => {
    for (const total of [2, '2', 0]) expect(faultsOf(paged, { rows, page: { total } })).toEqual([]);
    for (const page of [
      {},
      { total: null },
      { total: -1 },
      { total: [2] },
      { total: 'many' },
      { total: 1.5 },
      [],
      'x',
      undefined,
    ]) {
      expect(faultsOf(paged, { rows, page }), JSON.stringify(page)).toHaveLength(1);
    }
    for (const total of ['x12', '12x', '1.5', '']) {
      expect(faultsOf(paged, { rows, page: { total } })).toEqual(['page.total: expected a number, found a string']);
    }
  });

  it('can be missing if it is marked so, and is no other thing even then', () => {
    const loose = pages('rows', { page: ['page', 1], size: ['size', 2], total: 'total?' });
    expect(faultsOf(loose, { rows })).toEqual([]);
    expect(faultsOf(loose, { rows, total: {} })).toHaveLength(1);
  });

  it('is declared to the reader', () => {
    expect(paged.paging.declared?.({ rows, page: { total: '12' } }, {})).toEqual({ rows: 12, pages: undefined });
    const byPages = pages('rows', { page: ['page', 1], size: ['size', 2], pages: 'pages' });
    expect(byPages.paging.declared?.({ rows, pages: 3 }, {})).toEqual({ rows: undefined, pages: 3 });
    expect(whole('rows').paging.declared).toBeUndefined();
  });
});

describe('a list by cursor', () => {
  const list = cursor('rows', 'after', 'paging.next', { query: { limit: 2 } });

  it('goes on with the cursor and the query', () => {
    expect(list.paging.first).toEqual({ limit: 2 });
    expect(stepAfter(list, { rows, paging: { next: 'abc' } })).toEqual({ next: { query: { limit: 2, after: 'abc' } } });
  });

  it('takes a cursor that is a number', () => {
    const answer = { rows, paging: { next: 3 } };
    expect(faultsOf(list, answer)).toEqual([]);
    expect(stepAfter(list, answer)).toEqual({ next: { query: { limit: 2, after: '3' } } });
  });

  it('ends without a cursor, but not without the object that holds it', () => {
    for (const paging of [{}, { next: null }, { next: '' }]) {
      expect(faultsOf(list, { rows, paging })).toEqual([]);
      expect(stepAfter(list, { rows, paging })).toMatchObject({ end: 'no further cursor' });
    }
    for (const answer of [{ rows }, { rows, paging: [] }, { rows, paging: null }, { rows, paging: 'x' }]) {
      expect(faultsOf(list, answer), JSON.stringify(answer)).toHaveLength(1);
    }
    expect(faultsOf(list, { rows, paging: { next: {} } })).toEqual(['paging.next: expected a text, found an object']);
  });

  it.each([
    [{ has_more: true }, 'has_more'],
    [{ nextPage: 2 }, 'nextPage'],
    [{ total_pages: 3 }, 'total_pages'],
    [{ total: 3 }, 'total'],
    [{ totalCount: '12' }, 'totalCount'],
    [{ links: { next: 'https://x.example' } }, 'next'],
    [{ last: false }, 'last'],
  ])('does not end while %j announces more', (more, member) => {
    const answer = { rows, paging: { next: null }, ...more };
    expect(() => stepAfter(list, answer)).toThrow(MoreAnnounced);
    expect(() => stepAfter(list, answer)).toThrow(`${member} announces another page, without paging.next`);
  });

  it('ends where everything announced was read', () => {
    const answer = { rows, paging: { next: null, has_more: false }, total: 12, total_pages: 3, links: { next: null } };
    expect(stepAfter(list, answer, { index: 2, received: 12 })).toMatchObject({ end: 'no further cursor' });
  });
});

describe('a list by link', () => {
  it('follows the address in the answer or in the Link header', () => {
    const url = 'https://x.example/2';
    const inBody = link('value', ['@odata.nextLink']);
    expect(stepAfter(inBody, { value: rows, '@odata.nextLink': url })).toEqual({ next: { url } });
    expect(stepAfter(inBody, { value: rows })).toMatchObject({ end: 'no next link' });
    const inHeader = link('', LINK_HEADER);
    expect(stepAfter(inHeader, rows, { headers: { link: `<${url}>; rel="next"` } })).toEqual({ next: { url } });
    expect(stepAfter(inHeader, rows)).toMatchObject({ end: 'no next link' });
    expect(faultsOf(inHeader, rows)).toEqual([]);
  });

  it('may lack the address, and takes nothing else for one', () => {
    const inBody = link('value', ['@odata.nextLink']);
    expect(faultsOf(inBody, { value: rows })).toEqual([]);
    expect(faultsOf(inBody, { value: rows, '@odata.nextLink': {} })).toEqual([
      '@odata.nextLink: expected a text, found an object',
    ]);
  });

  it('does not end while something else announces more', () => {
    const announcing = { value: rows, '@odata.count': 3 };
    const refusal = (missing: string) =>
      expect.objectContaining({
        name: 'VendorContractError',
        message: `@odata.count announces another page, without ${missing}`,
      });
    expect(() => stepAfter(link('value', ['@odata.nextLink']), announcing)).toThrow(refusal('@odata.nextLink'));
    expect(() => stepAfter(link('value', ['paging', 'next']), announcing)).toThrow(refusal('paging.next'));
    expect(() => stepAfter(link('value', LINK_HEADER), announcing)).toThrow(refusal('the Link header'));
    expect(() => stepAfter(whole('value'), announcing)).toThrow(refusal('a way to ask for it'));
  });
});

describe('a list in one answer', () => {
  it('ends with it, and is not believed if that answer announces more', () => {
    expect(stepAfter(whole('rows'), { rows, total: 2 })).toEqual({ end: 'the API has one page' });
    expect(() => stepAfter(whole('rows'), { rows, total: 3 })).toThrow(MoreAnnounced);
  });
});

describe('pages by number, by offset and by id', () => {
  it('ask for what they are declared with, and for one row if only the total matters', () => {
    const numbered = pages('', { page: ['p', 0], size: ['n', 50], query: { sort: 'id' }, until: 'empty' });
    expect(numbered.paging.first).toEqual({ sort: 'id', p: 0, n: 50 });
    expect(numbered.single).toEqual({ sort: 'id', p: 0, n: 1 });
    const offset = offsets('', { offset: 'skip', size: ['take', 50] });
    expect(offset.paging.first).toEqual({ skip: 0, take: 50 });
    expect(offset.single).toEqual({ skip: 0, take: 1 });
    for (const paging of [numbered, offset]) expect(faultsOf(paging, rows)).toEqual([]);
    const byId = keyset('', 'after', ['size', 50], { a: 1 });
    expect(byId.paging.first).toEqual({ a: 1, size: 50 });
    expect(faultsOf(byId, rows)).toEqual([]);
  });

  it('go on after the largest id, and are not led astray by a row whose id is none', () => {
    const { paging } = keyset('', 'after', ['size', 3]);
    const page = { body: [], headers: {}, index: 0, received: 3, fresh: 3 };
    expect(paging.step({ ...page, keys: [4, '{"odd":true}', 9] })).toEqual({ next: { query: { size: 3, after: 9 } } });
  });
});

describe('a list that is not documented', () => {
  const places = { at: ['data.records', 'records', ''], total: ['data.total', 'total'] };
  const paged = guessedPages({ ...places, page: ['pageNo', 1], size: ['pageSize', 2] });

  it('is asked for by number and size, and for one row if only the total matters', () => {
    expect(paged('a').paging.first).toEqual({ pageNo: 1, pageSize: 2 });
    expect(paged('a').single).toEqual({ pageNo: 1, pageSize: 1 });
  });

  it('is found at the first place that holds one, with blank texts as null', () => {
    const rows = [{ id: 1, name: ' ' }];
    for (const answer of [{ data: { records: rows } }, { records: rows }, rows]) {
      expect(faultsOf(paged('a'), answer)).toEqual([]);
      expect(paged('a').rowsOf(answer)).toEqual([{ id: 1, name: null }]);
    }
  });

  it('is missing if no place holds one, unless a total of 0 is declared', () => {
    expect(faultsOf(paged('a'), { data: { rows: [] } })).toEqual([
      ': no list at data.records or records or the top (fields seen: data {rows})',
    ]);
    expect(faultsOf(paged('a'), null)).toEqual([
      ': no list at data.records or records or the top (the answer is null)',
    ]);
    expect(faultsOf(paged('a'), { total: 0 })).toEqual([]);
    expect(paged('a').rowsOf({ total: 0 })).toEqual([]);
  });

  it('read as one answer is not believed if that announces more', () => {
    expect(() => stepAfter(guessedWhole(places, 'pagination'), { records: rows, hasMore: true })).toThrow(
      'configure pagination',
    );
  });
});
