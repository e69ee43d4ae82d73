import * as z from 'zod/mini';
import type { ListPaging } from './list-paging.ts';
import type { Place } from './place.ts';
import type { Call, Query } from './request.ts';

/** A vendor's list as a constant: where it is, what a row must hold, and how it is paged. */
export type ListOf<R> = {
  path: string;
  row: z.ZodMiniType<R>;
  paging: ListPaging;
  /** What identifies a row: the place of its id in the raw row, or a function of the checked one. */
  key: Place | ((row: R) => string | number);
  method?: 'GET' | 'POST';
  query?: Query;
  json?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
  /** Refusals that mean that there are no rows, or no more; the paging must recognize them. */
  acceptWhere?: NonNullable<Call['acceptWhere']>;
  /** Name in the receipt and in messages; the path by default. */
  name?: string;
  /** What its rows are, in the plural; the last word of its path by default. */
  called?: string;
  /** The options for its path and the id of its rows, if a person can configure them. */
  configured?: { path?: string; id?: string };
  /** The customer that it is read for, if it is one customer's. A row that names another is refused. */
  of?: string | number;
};

/** The row of a list. */
export type RowOf<L> = L extends ListOf<infer R> ? R : never;

type ListOptions<R> = Partial<Omit<ListOf<R>, 'path' | 'row' | 'paging'>>;

/** Fields of a row, each with its form. */
export type Members = Readonly<Record<string, z.ZodMiniType>>;

/**
 * Declares a list. `members` are the fields of a row that we use, each required unless its form says otherwise. Rows
 * are identified by `id`, unless `key` is given. What changes from call to call is spread over the list: `{
 * ...subscriptions, path, of: customer }`.
 */
export const list = <M extends Members>(
  path: string,
  members: M,
  paging: ListPaging,
  options?: ListOptions<z.output<z.ZodMiniObject<M>>>,
): ListOf<z.output<z.ZodMiniObject<M>>> => listOf(path, z.object(members), paging, options);

/** A list whose rows must fit a schema of their own. */
export const listOf = <R>(
  path: string,
  row: z.ZodMiniType<R>,
  paging: ListPaging,
  options: ListOptions<R> = {},
): ListOf<R> => ({ key: 'id', ...options, path, row, paging });
