import { failureOf, isReportError, ReportError } from '../report/errors.ts';
import { isRecord } from '../report/record.ts';
import { ListUnsound } from '../wire/list.ts';
import type { ListOf } from '../wire/lists.ts';
import { type CheckedRow, customerOf } from './checked-row.ts';
import { checkedRows, whereOf } from './checked-rows.ts';
import { CustomerUnlisted } from './customer-draft.ts';
import { type Fact, type Facts, flat, type Piece } from './facts.ts';
import { ListWatch } from './list-watch.ts';
import { formsOf } from './row-forms.ts';
import type { VendorApi } from './vendor-api.ts';

/**
 * Reads a list and yields the facts that `onRow` makes of each row. Rows are checked one by one: one that is not as
 * declared, or that `onRow` cannot interpret, fails the customer that it names; one that names none, or a list of which
 * no row can be read, fails the collection. `usual` fields that no row has are noted.
 * Errors: `ListUnsound`; `VendorContractError` for such a row or list; those of the request path.
 */
export async function* read<R>(
  api: VendorApi,
  list: ListOf<R>,
  onRow: (row: R) => Facts,
): AsyncGenerator<Fact | Piece> {
  const watch = new ListWatch(list);
  try {
    for await (const checked of checkedRows(api, list)) {
      watch.see(checked);
      if ('fault' in checked) {
        yield* cost(list, checked, new ReportError('VendorContractError', `${whereOf(api, list)}: ${checked.fault}`));
        continue;
      }
      try {
        yield* flat(onRow(checked.row));
      } catch (error) {
        if (!isOfOneRow(error)) throw error;
        watch.failed(error);
        yield* cost(list, checked, error);
      }
    }
  } catch (error) {
    // Rows without an id look like repeated rows; their own fault explains more.
    if (error instanceof ListUnsound) watch.refuseUnreadable(whereOf(api, list));
    throw error;
  }
  watch.refuseUnreadable(whereOf(api, list));
  yield* watch.facts();
}

/**
 * The rows of a list that every customer depends on. Errors: as of `read`, and for a single row that is not as
 * declared.
 */
export async function* strictRows<R>(api: VendorApi, list: ListOf<R>): AsyncGenerator<R> {
  for await (const checked of checkedRows(api, list)) {
    if ('fault' in checked) {
      throw new ReportError('VendorContractError', `${whereOf(api, list)}: ${checked.fault}`);
    }
    yield checked.row;
  }
}

/** The declared length of a list, requested with one row. A total of 1 may be that page's own, so it proves nothing. */
export async function declaredTotal<R>(api: VendorApi, list: ListOf<R>): Promise<number | 'undeclared' | 'doubtful'> {
  const { paging, path, query } = list;
  const answer = await api.get(path, { query: { ...query, ...paging.single }, schema: paging.envelope });
  const total = paging.paging.declared?.(answer, {}).rows;
  if (total === undefined) return 'undeclared';
  const { length } = paging.rowsOf(answer);
  if (total <= length && length > 0) return 'doubtful';
  api.evidence.lists.push({
    ...{ list: list.name ?? path, pages: 1, rows: length, distinct: length },
    ...(total === 0 ? { declaredTotal: 0 } : {}),
    end: `its declared total of ${total}`,
  });
  return total;
}

/** True for a fault of the row itself, not of the list or of a call. */
const isOfOneRow = (error: unknown): error is ReportError =>
  isReportError(error, 'VendorContractError') &&
  !error.wide &&
  !(error instanceof ListUnsound) &&
  !(error instanceof CustomerUnlisted);

/** Fails the customer that a faulty row names. Errors: the fault itself, if the row names none. */
function* cost<R>(list: ListOf<R>, { raw }: CheckedRow<R>, error: ReportError): Generator<Fact> {
  const customer = customerOf(list, raw);
  if (customer === undefined) throw error;
  if (formsOf(list.row).customer?.part === 'itself' && list.of === undefined) {
    const name = isRecord(raw) && typeof raw.name === 'string' ? raw.name : customer;
    yield { fact: 'customer', id: customer, name, aliases: [] };
  }
  yield { fact: 'failed', customer, failure: failureOf(error) };
}
