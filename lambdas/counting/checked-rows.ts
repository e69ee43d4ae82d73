import { isRecord } from '../report/record.ts';
import { ListUnsound } from '../wire/list.ts';
import { MoreAnnounced } from '../wire/list-paging.ts';
import type { ListOf } from '../wire/lists.ts';
import { lookedAt, lookedAtAndNames, mark } from '../wire/looked-at.ts';
import { pathOf, valueAt } from '../wire/place.ts';
import { pathIsWrong } from '../wire/refused-answer.ts';
import { type CheckedRow, checkedRow, placedAt, valueIn } from './checked-row.ts';
import type { VendorApi } from './vendor-api.ts';

/** The name of a list in messages. */
export const whereOf = <R>(api: VendorApi, list: ListOf<R>): string => `${api.name} list ${list.name ?? list.path}`;

/** Every row of a list once, checked. Errors: as of `readList`. */
export async function* checkedRows<R>(api: VendorApi, list: ListOf<R>): AsyncGenerator<CheckedRow<R>> {
  try {
    yield* api.pages(list.path, callOf(list), list.paging.paging);
  } catch (error) {
    throw withRemedy(error, api, list);
  }
}

/** Yields what `reading` yields; meanwhile it requests the first page of `list`, which is read next. */
export async function* prefetching<R, F, T>(
  api: VendorApi,
  list: ListOf<R>,
  reading: AsyncGenerator<F, T>,
): AsyncGenerator<F, T> {
  const keep = api.firstPage(list.path, callOf(list), list.paging.paging);
  try {
    return yield* reading;
  } catch (error) {
    await keep();
    throw error;
  }
}

function callOf<R>(list: ListOf<R>) {
  const { paging, name, key } = list;
  const rowsOf = (answer: unknown, from = 0) =>
    paging.rowsOf(answer).map((raw, index) => checkedRow(list, raw, index, answer, from));
  const at = pathOf(paging.at);
  return {
    ...list,
    ...(name === undefined ? {} : { list: name }),
    page: paging.envelope,
    rows: (answer: unknown) => rowsOf(answer),
    ...(paging.inSlices === true
      ? { slices: { at, rows: (entries: unknown, from: number) => rowsOf(placedAt(at, entries), from) } }
      : {}),
    key: (checked: CheckedRow<R>) => identityOf(checked, key),
    // Two rows of one id must agree in what is read of them, and in nothing else.
    content: (checked: CheckedRow<R>) => ('row' in checked ? checked.row : checked.raw),
    kept: {
      mark: `${mark(list.row)} ${typeof key === 'function' ? '' : pathOf(key)}`,
      part: (answer: unknown, rows: readonly CheckedRow<R>[]) => withRows(list, answer, rows.map(keptOf(list))),
    },
  };
}

/** The error with a remedy, if the list's path or its id can be configured. */
function withRemedy<R>(error: unknown, api: VendorApi, list: ListOf<R>): unknown {
  const { path, id } = list.configured ?? {};
  if (error instanceof MoreAnnounced) return new ListUnsound(whereOf(api, list), error.message);
  if (error instanceof ListUnsound && id !== undefined) {
    const remedy = `if another field identifies its rows, name it in ${id}`;
    return new ListUnsound(whereOf(api, list), `${error.message.replace(`${whereOf(api, list)}: `, '')}; ${remedy}`);
  }
  return path === undefined ? error : pathIsWrong(error, path);
}

/** What identifies a row: its id or, if that cannot be read, the whole row. */
function identityOf<R>(checked: CheckedRow<R>, key: ListOf<R>['key']): string | number {
  if (typeof key === 'function') {
    return 'row' in checked ? key(checked.row) : JSON.stringify(checked.raw);
  }
  const path = pathOf(key);
  const id = ('row' in checked ? valueIn(checked.row, path) : undefined) ?? valueAt(checked.raw, key);
  return typeof id === 'string' || typeof id === 'number' ? id : JSON.stringify(checked.raw);
}

/**
 * The part of a row to keep over a pause: what is read of it, and the names of its other fields if a message may list
 * them.
 */
function keptOf<R>({ row, key }: ListOf<R>): (checked: CheckedRow<R>) => unknown {
  const path = typeof key === 'function' ? undefined : pathOf(key);
  const withKey = (part: unknown, raw: unknown): unknown => {
    if (path === undefined) return part;
    const id = valueIn(raw, path);
    return valueIn(part, path) === id ? part : replacedAt(part, path, id);
  };
  return (checked) => {
    const { raw } = checked;
    if ('row' in checked) return withKey((checked.isOdd ? lookedAtAndNames : lookedAt)(row, raw), raw);
    // With its name, as a customer whose row cannot be read is listed by name.
    return withKey(replacedAt(lookedAtAndNames(row, raw), ['name'], isRecord(raw) ? raw.name : undefined), raw);
  };
}

/**
 * The answer with these rows instead of its own; unchanged if `rowsOf` does not return the answer's rows one by one.
 */
function withRows<R>({ paging }: ListOf<R>, answer: unknown, rows: readonly unknown[]): unknown {
  const path = Array.isArray(answer) ? [] : pathOf(paging.at);
  const current = valueIn(answer, path);
  if (!Array.isArray(current) || current.length !== rows.length) return answer;
  const replaced = replacedAt(answer, path, rows);
  return paging.rowsOf(replaced).length === rows.length ? replaced : answer;
}

/** A copy with another value at a place; unchanged if that value is undefined. */
function replacedAt(holder: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (value === undefined) return holder;
  if (name === undefined) return value;
  return isRecord(holder) ? { ...holder, [name]: replacedAt(holder[name], rest, value) } : holder;
}
