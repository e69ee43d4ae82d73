import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import { quantity } from '../../report/quantity.ts';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { byPage, type Paging } from '../../wire/paging.ts';
import type { Query } from '../../wire/request.ts';
import type { WireResponse } from '../../wire/transport.ts';

export const name = 'Kaseya BMS';

const PAGE = { param: 'PageSize', value: 100 };

/** BMS's code for an expired token, also with HTTP 200. */
const SECURITY_ERROR = '978001';

/** The document writes names in PascalCase, live answers in camelCase: they are read in lower case. */
function lowerNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([member, item]) => [member.toLowerCase(), lowerNames(item)]));
}

const words = maybe(z.string());
const ErrorInfo = z.object({
  code: maybe(z.union([z.int(), z.string()])),
  message: words,
  details: words,
  suberrors: maybe(z.array(z.string())),
});
const Fault = maybe(z.union([ErrorInfo, z.string()]));

const codeOf = (error: z.output<typeof Fault>): string | undefined =>
  typeof error === 'object' && error !== null ? String(error.code) : undefined;

/** What is around every answer. A failure can come with HTTP 200, so `success` is checked before `result`. */
const Outcome = z.object({ success: z.boolean(), error: Fault });

export const enveloped = <T>(result: z.ZodMiniType<T>) =>
  z.pipe(
    z.transform(lowerNames),
    z.discriminatedUnion('success', [
      z.object({ success: z.literal(true), result, totalrecords: maybe(z.int()) }),
      z.object({ success: z.literal(false), error: Fault }),
    ]),
  );

/** BMS's own words for a failure: message, details and further errors. */
export function wordsOf(body: unknown): string {
  const { error } = z.parse(Outcome, lowerNames(body));
  const parts = typeof error === 'string' ? [error] : [error?.message, error?.details, ...(error?.suberrors ?? [])];
  const words = parts.filter((part) => typeof part === 'string' && part.trim() !== '').join('; ');
  return words === '' ? `success: false without a reason (code ${codeOf(error) ?? 'none'})` : words;
}

/** An answer that has a result. */
export const answered = <T>(result: z.ZodMiniType<T>) =>
  z.pipe(
    enveloped(result),
    z.transform((body, { issues }) => {
      if (body.success) return body.result;
      issues.push({ code: 'custom', message: wordsOf({ success: false, error: body.error ?? null }), input: body });
      return z.NEVER;
    }),
  );

function outcomeOf(body: Uint8Array): z.output<typeof Outcome> | undefined {
  try {
    return z.safeParse(Outcome, lowerNames(JSON.parse(Buffer.from(body).toString('utf8')))).data;
  } catch {
    return undefined;
  }
}

/** True for an answer which means, whatever its status, that nothing was done. */
export const isRefusal = ({ body }: WireResponse): boolean => outcomeOf(body)?.success === false;

/** True for an answer which means, whatever its status, that the token is not valid. */
export function isSecurityError(body: Uint8Array): boolean {
  // Answers are many and long, and this kind is rare.
  if (!Buffer.from(body).includes(SECURITY_ERROR)) return false;
  const outcome = outcomeOf(body);
  return outcome?.success === false && codeOf(outcome.error) === SECURITY_ERROR;
}

/** The error for an answer with success: false. */
export const failed = (call: string, error: z.output<typeof Fault>): ReportError =>
  new ReportError('VendorContractError', `${name} ${call}: ${wordsOf({ success: false, error: error ?? null })}`);

/** GET of one answer. Errors: `VendorContractError` with BMS's words for success: false. */
export async function readResult<T>(api: Api, path: string, result: z.ZodMiniType<T>): Promise<T> {
  const body = await api.get(path, { schema: enveloped(result) });
  if (body.success) return body.result;
  throw failed(`GET ${path}`, body.error);
}

/** A list, page by page. Lists without a total end at the first empty page; `short` lists at one that is not full. */
export function listRows<R extends { id: number }>(
  api: Api,
  path: string,
  row: z.ZodMiniType<R>,
  query: Query = {},
  until: 'empty' | 'short' = 'empty',
): AsyncGenerator<R> {
  const page = enveloped(z.nullable(z.array(row)));
  const paging: Paging<z.output<typeof page>> = byPage({
    param: 'PageNumber',
    first: 1,
    size: PAGE,
    query,
    declared: (body) => ({ rows: body.success ? (body.totalrecords ?? undefined) : undefined }),
    until,
  });
  return api.pages(path, { page, rows: (body) => rowsOf(body, `GET ${path}`), key: ({ id }) => id }, paging);
}

/**
 * All rows of a search, whose page number is in the body. Without a total the end is an empty page, or one that brings
 * nothing new. Errors: `VendorContractError` with BMS's words for success: false, and if a total is not reached.
 */
export async function searchRows<R extends { id: number }>(
  api: Api,
  path: string,
  row: z.ZodMiniType<R>,
  filter: Record<string, unknown>,
): Promise<R[]> {
  const call = `POST ${path}`;
  const byId = new Map<number, R>();
  for (let page = 1; ; page += 1) {
    const json = { PageSize: PAGE.value, PageNumber: page, Filter: filter };
    const body = await api.post(path, { json, reads: true, schema: enveloped(z.nullable(z.array(row))) });
    const rows = rowsOf(body, call);
    const before = byId.size;
    for (const ticket of rows) byId.set(ticket.id, ticket);
    const total = body.success ? (body.totalrecords ?? undefined) : undefined;
    if (total !== undefined && byId.size >= total) return [...byId.values()];
    if (rows.length > 0 && byId.size > before) continue;
    if (total === undefined) return [...byId.values()];
    throw new ReportError(
      'VendorContractError',
      `${name} ${call}: declares ${quantity(total, 'row')} but listed ${byId.size}`,
    );
  }
}

type Page<R> =
  | { success: true; result: R[] | null; totalrecords?: number | null | undefined }
  | { success: false; error?: z.output<typeof Fault> };

function rowsOf<R>(body: Page<R>, call: string): R[] {
  if (!body.success) throw failed(call, body.error);
  if (body.result !== null) return body.result;
  if (body.totalrecords === 0) return [];
  throw new ReportError('VendorContractError', `${name} ${call}: no rows and no total of 0`);
}
