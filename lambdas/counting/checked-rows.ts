import { ListUnsound } from '../wire/list.ts';
import { MoreAnnounced } from '../wire/list-paging.ts';
import type { ListOf } from '../wire/lists.ts';
import { pathOf, valueAt } from '../wire/place.ts';
import { pathIsWrong } from '../wire/refused-answer.ts';
import { type CheckedRow, checkedRow, valueIn } from './checked-row.ts';
import type { VendorApi } from './vendor-api.ts';

/** How messages call a list. */
export const whereOf = <R>(api: VendorApi, list: ListOf<R>): string => `${api.name} list ${list.name ?? list.path}`;

/** Every row of a list once, checked. Errors: as of `readList`. */
export async function* checkedRows<R>(api: VendorApi, list: ListOf<R>): AsyncGenerator<CheckedRow<R>> {
  const { path, paging, name, method, query, json, headers, key } = list;
  const call = {
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(name === undefined ? {} : { list: name }),
    query,
    json,
    page: paging.envelope,
    rows: (answer: unknown) => paging.rowsOf(answer).map((raw, index) => checkedRow(list, raw, index, answer)),
    key: (checked: CheckedRow<R>) => identityOf(checked, key),
    // Two rows of one id have to agree in what is looked at, and in nothing else.
    content: (checked: CheckedRow<R>) => ('row' in checked ? checked.row : checked.raw),
  };
  try {
    yield* api.pages(path, call, paging.paging);
  } catch (error) {
    throw withRemedy(error, api, list);
  }
}

/** The error with what a person can do, where the list's path or its id is a matter of configuration. */
function withRemedy<R>(error: unknown, api: VendorApi, list: ListOf<R>): unknown {
  const { path, id } = list.configured ?? {};
  if (error instanceof MoreAnnounced) return new ListUnsound(whereOf(api, list), error.message);
  if (error instanceof ListUnsound && id !== undefined) {
    const remedy = `if its rows are told apart by another member, name that in ${id}`;
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
