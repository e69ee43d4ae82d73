import type * as z from 'zod/mini';
import { lookedAt } from './looked-at.ts';
import type { Paging } from './paging.ts';
import type { Answered } from './reader.ts';
import type { RequestPath } from './request.ts';
import { slicesOf } from './slices.ts';
import type { SeenPage } from './witness.ts';

/** What a page of a list looks like, where its rows are, and what identifies a row. */
export type PageForm<B, R> = {
  /** Shape of a whole page, rows included. */
  page: z.ZodMiniType<B>;
  rows: (body: NoInfer<B>) => readonly R[];
  /** Identifies a row across pages. */
  key: (row: NoInfer<R>) => string | number;
  /** The part of a row that counts, if `page` lets more through: two rows of one key must agree in it. */
  content?: (row: NoInfer<R>) => unknown;
  /**
   * If `page` lets more through than is used: the part of a page to keep over a pause, and a mark that identifies that
   * part. `page` must accept the part and make the same rows of it.
   */
  kept?: { part: (body: NoInfer<B>, rows: readonly R[]) => unknown; mark: string };
  /**
   * To read a large answer in slices: where its rows are, and what makes rows of entries, the first of which has the
   * index `from`. Only for paging that depends neither on the number of rows nor on their keys.
   */
  slices?: { at: readonly string[]; rows: (entries: readonly unknown[], from: number) => readonly R[] };
};

export type Page<B, R> = SeenPage<R> & {
  headers: Record<string, string>;
  /** It was read before a pause. */
  isKept: boolean;
  /** Keeps it over the next pause. */
  keep: () => void;
} & ({ body: B } | { rest: Rest<B, R> });

/** The rest of a large page after its first rows, slice by slice; returns the body around all rows. */
export type Rest<B, R> = AsyncGenerator<SeenPage<R>, B>;

/** How a page was requested. */
type Asked = { path: RequestPath; method: string; place: { path: string }; where: string };

/** The page in an answer. Errors: `VendorContractError`; for a large page also from its `rest`. */
export async function pageOf<B, R>(
  answered: Answered,
  form: PageForm<B, R>,
  declared: Paging<B>['declared'],
  asked: Asked,
): Promise<Page<B, R>> {
  const { answer, isKept } = answered;
  const { headers } = answer;
  const { slices } = form;
  if (answer.packed === undefined || slices === undefined) {
    const { body, content } = asked.path.read(answer, form.page, asked.method, asked.place.path);
    const rows = form.rows(body);
    const keep = (): void => answered.keep(() => form.kept?.part(body, rows) ?? lookedAt(form.page, content));
    return { ...seen(form, rows, declared?.(body, headers).rows), body, headers, isKept, keep };
  }
  const parts = slicesOf(answer.packed, headers['content-type'], slices.at, asked.where);
  const rest = slicesBehind(parts, form, slices.rows, (around) => {
    const body = asked.path.conform(around, form.page, asked.method, asked.place.path);
    return { body, declared: declared?.(body, headers).rows };
  });
  const first = await rest.next();
  // Too large to be kept: after a pause it is requested again.
  const page = { headers, isKept, keep: () => {} };
  return first.done === true ? { ...seen(form, []), ...page, body: first.value } : { ...first.value, ...page, rest };
}

async function* slicesBehind<B, R>(
  parts: AsyncGenerator<unknown[], unknown>,
  form: PageForm<B, R>,
  rowsOf: (entries: readonly unknown[], from: number) => readonly R[],
  endOf: (around: unknown) => { body: B; declared: number | undefined },
): Rest<B, R> {
  let from = 0;
  for (;;) {
    const next = await parts.next();
    if (next.done === true) {
      const { body, declared } = endOf(next.value);
      yield seen(form, [], declared);
      return body;
    }
    yield seen(form, rowsOf(next.value, from));
    from += next.value.length;
  }
}

const seen = <B, R>({ key, content }: PageForm<B, R>, rows: readonly R[], declared?: number): SeenPage<R> => ({
  rows,
  keys: rows.map(key),
  contents: content === undefined ? rows : rows.map(content),
  declared,
});
