import * as z from 'zod/mini';
import { isRecord } from '../report/record.ts';
import { guarded, isCount, type ListPaging, type Parameter } from './list-paging.ts';
import { byPageUnknown, type Declared, single } from './paging.ts';
import { kindOf, membersOf, type Place, valueAt } from './place.ts';

/** Where the rows and the total of an undocumented answer can be, the most probable place first. */
export type GuessedPlaces = { at: readonly Place[]; total: readonly Place[] };

/**
 * Numbered pages of an undocumented API, for each kind of list, as the server can cap each at another size:
 * `pagesOf('customersPath')`. See `byPageUnknown`.
 */
export function guessedPages(
  places: GuessedPlaces & { page: readonly [string, 0 | 1]; size: Parameter },
): (kind: string) => ListPaging {
  const { page, size } = places;
  const [param, first] = page;
  const pagingOf = byPageUnknown<unknown>({
    ...{ param, first, size: { param: size[0], value: size[1] } },
    declared: declaredAt(places.total),
  });
  return (kind) => ({
    ...envelopeOf(places),
    paging: pagingOf(kind),
    single: { [param]: first, [size[0]]: 1 },
  });
}

/**
 * A whole undocumented list in one answer. An answer that announces more is an error, which names the `option` for
 * paging.
 */
export const guessedWhole = (places: GuessedPlaces, option: string): ListPaging => ({
  ...envelopeOf(places),
  paging: guarded(
    single<unknown>(declaredAt(places.total)),
    `a way to ask for it: the answer is paged, configure ${option}`,
  ),
});

/** An answer that declares a total of 0 can leave the list out. */
function envelopeOf({ at, total }: GuessedPlaces): Pick<ListPaging, 'at' | 'envelope' | 'rowsOf'> {
  const listIn = (answer: unknown): readonly unknown[] | undefined => {
    const rows = at.map((place) => valueAt(answer, place)).find((value) => Array.isArray(value));
    if (Array.isArray(rows)) return rows;
    return declaredAt(total)(answer).rows === 0 ? [] : undefined;
  };
  return {
    at: '',
    envelope: z.unknown().check((payload) => {
      const { value, issues } = payload;
      if (listIn(value) === undefined) issues.push({ code: 'custom', input: value, message: missing(at, value) });
    }),
    rowsOf: (answer) => (listIn(answer) ?? []).map((row) => (isRecord(row) ? withBlanksAsNull(row) : row)),
  };
}

const missing = (at: readonly Place[], answer: unknown): string =>
  `no list at ${at.map((place) => (place === '' ? 'the top' : String(place))).join(' or ')} (` +
  `${isRecord(answer) ? `fields seen: ${membersOf(answer)}` : `the answer is ${kindOf(answer)}`})`;

/** The row with its blank texts as null: they must not hide another name of the same field. */
const withBlanksAsNull = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, isBlank(value) ? null : value]));

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';

const declaredAt =
  (places: readonly Place[]) =>
  (answer: unknown): Declared => {
    const total = places.map((place) => valueAt(answer, place)).find(isCount);
    return { rows: total === undefined ? undefined : Number(total) };
  };
