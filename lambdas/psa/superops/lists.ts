import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import { quantity } from '../../report/quantity.ts';
import { maybe } from '../../wire/forms.ts';
import { conform } from '../../wire/parse.ts';
import { type Graphql, name } from './graphql.ts';

/** A list of the API: its query, the field that holds the rows, and which of their fields are read. */
export type RowList<R> = {
  query: string;
  rows: string;
  /** JSON scalars (client, site) are selected without fields of their own. */
  select: string;
  row: z.ZodMiniType<R>;
  idOf: (row: R) => string;
  sort: { attribute: string; order: 'ASC' | 'DESC' };
  condition?: object;
  /** Whether the declared total is compared with what came: not for lists that grow while they are read. */
  checksTotal?: boolean;
};

const PAGE_SIZE = 100;

const ListInfo = z.object({
  hasMore: z.boolean(),
  totalCount: maybe(z.union([z.int(), z.string()])),
});

/**
 * The rows, each once, page by page until SuperOps says that there are no more.
 * Errors: `VendorContractError` if a page brings nothing new or the total disagrees.
 */
export async function* readRows<R>(transport: Graphql, list: RowList<R>): AsyncGenerator<R> {
  const seen = new Set<string>();
  let received = 0;
  for (let number = 1; ; number += 1) {
    const { rows, hasMore, totalCount } = await readPage(transport, list, number);
    const before = seen.size;
    received += rows.length;
    for (const row of rows) {
      const id = list.idOf(row);
      if (seen.has(id)) continue;
      seen.add(id);
      yield row;
    }
    if (!hasMore) {
      if (list.checksTotal === true) expectTotal(list, totalCount, seen.size);
      const counts = { pages: number, rows: received, distinct: seen.size };
      transport.receipts.push({ list: list.query, ...counts, end: 'hasMore is false' });
      return;
    }
    if (seen.size === before) throw unsound(list, `page ${number} brings nothing new and is not the last`);
  }
}

async function readPage<R>({ query }: Graphql, list: RowList<R>, page: number) {
  const document = `query($input: ListInfoInput!) { ${list.query}(input: $input) {
    ${list.rows} { ${list.select} } listInfo { page pageSize hasMore totalCount } } }`;
  const { condition, sort } = list;
  const input = { page, pageSize: PAGE_SIZE, sort: [sort], ...(condition === undefined ? {} : { condition }) };
  const data = await query(document, { input }, z.record(z.string(), z.unknown()));
  const where = `${name} ${list.query}`;
  const { listInfo, ...members } = conform(z.looseObject({ listInfo: ListInfo }), data[list.query], where);
  const rows = conform(z.array(list.row), members[list.rows], `${where} ${list.rows}`);
  return { rows, ...listInfo };
}

function expectTotal(list: { query: string }, total: z.output<typeof ListInfo>['totalCount'], listed: number): void {
  if (total === null || total === undefined || Number(total) === listed) return;
  throw unsound(list, `SuperOps declares ${quantity(total, 'row')} but listed ${listed}`);
}

const unsound = ({ query }: { query: string }, what: string): ReportError =>
  new ReportError('VendorContractError', `${name} ${query}: ${what}`);
