import * as z from 'zod/mini';
import { ReportError } from '../report/errors.ts';
import { moreAnnounced } from './announced.ts';
import {
  afterId,
  byLink,
  byOffset,
  byPage,
  byToken,
  type Declared,
  nextLink,
  type Paging,
  single,
  type Until,
} from './paging.ts';
import { type Fault, find, kindOf, optional, type Place, pathOf, valueAt } from './place.ts';
import type { Query } from './request.ts';

/** How a list is paged, and where in each answer its rows and figures are: the envelope follows from that. */
export type ListPaging = {
  /** Reports every required place that an answer lacks. It also accepts its own output. */
  envelope: z.ZodMiniType<unknown>;
  /** The rows of an answer that passed the envelope. */
  rowsOf: (answer: unknown) => readonly unknown[];
  /** Where those rows are, for messages. */
  at: Place;
  paging: Paging<unknown>;
  /** See `inSlices`. */
  inSlices?: true;
  /** The query for a single row, to read the total; only for paging with a page size. */
  single?: Query;
};

/** A query parameter and its value: `['limit', 500]`. */
export type Parameter = readonly [name: string, value: number];

/** An answer's figures for the whole list. A place is required unless it is marked `?`. */
type Figures = { total?: Place; pages?: Place };

/** An answer announces more rows but does not lead to them. */
export class MoreAnnounced extends ReportError {
  constructor(member: string, missing: string) {
    super('VendorContractError', `${member} announces another page, without ${missing}`);
  }
}

/** The whole list in one answer, which announces no further page. */
export const whole = (at: Place, figures: Figures = {}): ListPaging =>
  listPaging(at, figures, [], guarded(single(declared(figures)), 'a way to ask for it'));

/** For a list of which one answer can hold everything, however much that is: a large answer is read in slices. */
export const inSlices = (paging: ListPaging): ListPaging => ({ ...paging, inSlices: true });

/**
 * An opaque cursor at `next`, sent back as `param`. The list ends if there is none and nothing else announces a page.
 */
export function cursor(at: Place, param: string, next: Place, options: { query?: Query } & Figures = {}): ListPaging {
  const { query, ...figures } = options;
  const paging = byToken<unknown>({
    param,
    query,
    next: (answer) => textAt(answer, next),
    declared: declared(figures),
  });
  return listPaging(at, figures, [optional(next)], guarded(paging, nameOf(next)));
}

/** The address of the next page in the Link header (RFC 8288). */
export const LINK_HEADER = 'the Link header';

/**
 * The next page's address at `next`, followed as it is. The list ends if there is none and nothing else announces a
 * page.
 */
export function link(
  at: Place,
  next: Place | typeof LINK_HEADER,
  options: { query?: Query } & Figures = {},
): ListPaging {
  const { query, ...figures } = options;
  const inHeader = next === LINK_HEADER;
  const paging = byLink<unknown>({
    query,
    next: (answer, headers) => (inHeader ? nextLink(headers) : textAt(answer, next)),
    declared: declared(figures),
  });
  return listPaging(at, figures, inHeader ? [] : [optional(next)], guarded(paging, nameOf(next)));
}

type Numbered = Figures & { size: Parameter; until?: Until; query?: Query };

/**
 * Numbered pages; the first is `page: ['page', 1]`. They end at the declared total or, if there is none, as `until`
 * says.
 */
export function pages(
  at: Place,
  { page: [param, first], size, until, query, ...figures }: Numbered & { page: readonly [string, 0 | 1] },
): ListPaging {
  const paging = byPage<unknown>({ param, first, ...sized(size), until, query, declared: declared(figures) });
  return { ...listPaging(at, figures, [], paging), single: { ...query, [param]: first, [size[0]]: 1 } };
}

/** Offsets counted in rows. They end at the declared total or, if there is none, as `until` says. */
export function offsets(
  at: Place,
  { offset: param, size, until, query, ...figures }: Numbered & { offset: string },
): ListPaging {
  const paging = byOffset<unknown>({ param, ...sized(size), until, query, declared: declared(figures) });
  return { ...listPaging(at, figures, [], paging), single: { ...query, [param]: 0, [size[0]]: 1 } };
}

/** Pages after the largest id seen, sent as `param`, until one is empty. */
export const keyset = (at: Place, param: string, size: Parameter, query?: Query): ListPaging =>
  listPaging(at, {}, [], afterId({ param, ...sized(size), query }));

const sized = ([param, value]: Parameter): { size: { param: string; value: number } } => ({ size: { param, value } });

const nameOf = (place: Place): string => (typeof place === 'string' ? place : place.join('.'));

/** The rows at `at`; `items?` if some answers are the bare list. */
function rowsAt(answer: unknown, at: Place): readonly unknown[] | Fault {
  const bare = typeof at === 'string' && at.endsWith('?');
  if (bare && Array.isArray(answer)) return answer;
  const found = find(answer, bare ? at.slice(0, -1) : at);
  if ('fault' in found) return found.fault;
  if (Array.isArray(found.value)) return found.value;
  return { path: pathOf(at), message: `expected an array, found ${kindOf(found.value)}` };
}

const isFault = (rows: readonly unknown[] | Fault): rows is Fault => !Array.isArray(rows);

function listPaging(
  at: Place,
  { total, pages: last }: Figures,
  ways: readonly Place[],
  paging: Paging<unknown>,
): ListPaging {
  const faultsOf = (answer: unknown): Fault[] => {
    const rows = rowsAt(answer, at);
    return [
      ...(isFault(rows) ? [rows] : []),
      ...[total, last].flatMap((place) => (place === undefined ? [] : faultAt(answer, place, isCount, 'a number'))),
      ...ways.flatMap((place) => faultAt(answer, place, isCursor, 'a text')),
    ];
  };
  return {
    at,
    envelope: z.unknown().check((payload) => {
      const { value, issues } = payload;
      for (const fault of faultsOf(value)) issues.push({ code: 'custom', input: value, ...fault });
    }),
    rowsOf: (answer) => {
      const rows = rowsAt(answer, at);
      return isFault(rows) ? [] : rows;
    },
    paging,
  };
}

function faultAt(answer: unknown, place: Place, fits: (value: unknown) => boolean, expected: string): Fault[] {
  const found = find(answer, place);
  if ('fault' in found) return [found.fault];
  if (found.value === undefined || fits(found.value)) return [];
  return [{ path: pathOf(place), message: `expected ${expected}, found ${kindOf(found.value)}` }];
}

/** A whole number of 0 or more, also as a text. */
export const isCount = (value: unknown): boolean => isCursor(value) && /^\d+$/u.test(String(value));

const isCursor = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

function countAt(answer: unknown, place: Place | undefined): number | undefined {
  const value = place === undefined ? undefined : valueAt(answer, place);
  return isCount(value) ? Number(value) : undefined;
}

function textAt(answer: unknown, place: Place): string | undefined {
  const value = valueAt(answer, place);
  return isCursor(value) ? String(value) : undefined;
}

function declared({ total, pages: last }: Figures): ((answer: unknown) => Declared) | undefined {
  if (total === undefined && last === undefined) return undefined;
  return (answer) => ({ rows: countAt(answer, total), pages: countAt(answer, last) });
}

/** Where the list ends, nothing else in the answer may announce another page, which would be lost silently. */
export const guarded = (paging: Paging<unknown>, missing: string): Paging<unknown> => ({
  ...paging,
  step: (page) => {
    const step = paging.step(page);
    const member = 'end' in step ? moreAnnounced(page.body, { pages: page.index + 1, rows: page.received }) : undefined;
    if (member !== undefined) throw new MoreAnnounced(member, missing);
    return step;
  },
});
