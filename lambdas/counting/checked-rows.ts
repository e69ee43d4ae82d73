import { isRecord } from '../report/record.ts';
import { ListUnsound } from '../wire/list.ts';
import { MoreAnnounced } from '../wire/list-paging.ts';
import type { ListOf } from '../wire/lists.ts';
import { lookedAt, lookedAtAndNames, mark } from '../wire/looked-at.ts';
import { pathOf, valueAt } from '../wire/place.ts';
import { pathIsWrong } from '../wire/refused-answer.ts';
import { type CheckedRow, checkedRow, placedAt, valueIn } from './checked-row.ts';
import type { VendorApi } from './vendor-api.ts';

/** How messages call a list. */
export const whereOf = <R>(api: VendorApi, list: ListOf<R>): string => `${api.name} list ${list.name ?? list.path}`;

/** Every row of a list once, checked. Errors: as of `readList`. */
export async function* checkedRows<R>(api: VendorApi, list: ListOf<R>): AsyncGenerator<CheckedRow<R>> {
  try {
    yield* api.pages(list.path, callOf(list), list.paging.paging);
  } catch (error) {
    throw withRemedy(error, api, list);
  }
}

/** What `reading` yields, while the first page of `list`, which is read after it, is asked for. */
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
  const { paging, name, method, query, json, form, headers, acceptWhere, key } = list;
  const rowsOf = (answer: unknown, from = 0) =>
    paging.rowsOf(answer).map((raw, index) => checkedRow(list, raw, index, answer, from));
  const at = pathOf(paging.at);
  return {
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(form === undefined ? {} : { form }),
    ...(acceptWhere === undefined ? {} : { acceptWhere }),
    ...(name === undefined ? {} : { list: name }),
    query,
    json,
    page: paging.envelope,
    rows: (answer: unknown) => rowsOf(answer),
    ...(paging.inSlices === true
      ? { slices: { at, rows: (entries: unknown, from: number) => rowsOf(placedAt(at, entries), from) } }
      : {}),
    key: (checked: CheckedRow<R>) => identityOf(checked, key),
    // Two rows of one id have to agree in what is looked at, and in nothing else.
    content: (checked: CheckedRow<R>) => ('row' in checked ? checked.row : checked.raw),
    kept: {
      mark: `${mark(list.row)} ${typeof key === 'function' ? '' : pathOf(key)}`,
      part: (answer: unknown, rows: readonly CheckedRow<R>[]) => withRows(list, answer, rows.map(keptOf(list))),
    },
  };
}

/** The error with what a person can do, where the list's path or its id is a matter of configuration. */
function withRemedy<R>(error: unknown, api: VendorApi, list: ListOf<R>): unknown {
  const { path, id } = list.configured ?? {};
  if (error instanceof MoreAnnounced) return new ListUnsound(whereOf(api, list), error.message);
  if (error instanceof ListUnsound && id !== undefined) {
    const remedy = `if another field identifies its rows, name it in ${id}`;
    return new ListUnsound(whereOf(api, list), `${error.message.replace(`${whereOf(api, list)}: `, '')}; ${remedy}`);
  }
  return path === undefined ? error : pathIsWrong(error, path);
}

/** What tells a row from others; the whole of it where it is not as declared and its id cannot be read. */
function identityOf<R>(checked: CheckedRow<R>, key: ListOf<R>['key']): string | number {
  if (typeof key === 'function') {
    return 'row' in checked ? key(checked.row) : JSON.stringify(checked.raw);
  }
  const path = pathOf(key);
  const id = ('row' in checked ? valueIn(checked.row, path) : undefined) ?? valueAt(checked.raw, key);
  return typeof id === 'string' || typeof id === 'number' ? id : JSON.stringify(checked.raw);
}

/** Of a row that has to be kept over a pause: what is looked at, and the names of the rest where a message may list them. */
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
    // By its name a customer is listed whose row cannot be read.
    return withKey(replacedAt(lookedAtAndNames(row, raw), ['name'], isRecord(raw) ? raw.name : undefined), raw);
  };
}

/** The answer with these rows in place of its own; as it is where they do not lie in it as they are handed on. */
function withRows<R>({ paging }: ListOf<R>, answer: unknown, rows: readonly unknown[]): unknown {
  const path = Array.isArray(answer) ? [] : pathOf(paging.at);
  const own = valueIn(answer, path);
  if (!Array.isArray(own) || own.length !== rows.length) return answer;
  const replaced = replacedAt(answer, path, rows);
  return paging.rowsOf(replaced).length === rows.length ? replaced : answer;
}

/** The same with another value at a place; without change where that value is undefined. */
function replacedAt(holder: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (value === undefined) return holder;
  if (name === undefined) return value;
  return isRecord(holder) ? { ...holder, [name]: replacedAt(holder[name], rest, value) } : holder;
}
