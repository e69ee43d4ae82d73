import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import type { Api } from '../../vendor/api.ts';
import { byPage, type Paging } from '../../vendor/paging.ts';
import type { Query } from '../../vendor/request.ts';

export const name = 'Kaseya BMS';

const PAGE = { param: 'PageSize', value: 100 };

/** The code under which BMS says that a token has ended, also with HTTP 200. */
const SECURITY_ERROR = 978001;

/** The document writes names in PascalCase, live answers in camelCase: they are read in lower case. */
function lowerNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([member, item]) => [member.toLowerCase(), lowerNames(item)]));
}

const words = z.optional(z.nullable(z.string()));
const ErrorInfo = z.object({
  code: z.optional(z.nullable(z.int())),
  message: words,
  details: words,
  suberrors: z.optional(z.nullable(z.array(z.string()))),
});

/** What stands around every answer. A failure may come with HTTP 200, so `success` is looked at before `result`. */
const Outcome = z.object({ success: z.boolean(), error: z.optional(z.nullable(ErrorInfo)) });

export const enveloped = <T>(result: z.ZodMiniType<T>) =>
  z.pipe(
    z.transform(lowerNames),
    z.discriminatedUnion('success', [
      z.object({ success: z.literal(true), result, totalrecords: z.optional(z.int()) }),
      z.object({ success: z.literal(false), error: z.optional(z.nullable(ErrorInfo)) }),
    ]),
  );

/** BMS's own words for a failure: message, details and further errors. */
export function said(body: unknown): string {
  const { error } = z.parse(Outcome, lowerNames(body));
  const parts = [error?.message, error?.details, ...(error?.suberrors ?? [])];
  const told = parts.filter((part) => typeof part === 'string' && part.trim() !== '').join('; ');
  return told === '' ? `success: false without a reason (code ${error?.code ?? 'none'})` : told;
}

/** True for an answer that says, whatever its status, that the token is no good. */
export function isSecurityError(body: Uint8Array): boolean {
  const text = Buffer.from(body).toString('utf8');
  if (!text.includes(String(SECURITY_ERROR))) return false;
  try {
    const outcome = z.safeParse(Outcome, lowerNames(JSON.parse(text)));
    return outcome.success && !outcome.data.success && outcome.data.error?.code === SECURITY_ERROR;
  } catch {
    return false;
  }
}

const failed = (call: string, error: z.output<typeof ErrorInfo> | null | undefined): ReportError =>
  new ReportError('VendorContractError', `${name} ${call}: ${said({ success: false, error: error ?? null })}`);

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
    declared: (body) => ({ rows: body.success ? body.totalrecords : undefined }),
    until,
  });
  const rows = (body: z.output<typeof page>): readonly R[] => {
    if (!body.success) throw failed(`GET ${path}`, body.error);
    if (body.result !== null) return body.result;
    if (body.totalrecords === 0) return [];
    throw new ReportError('VendorContractError', `${name} GET ${path}: no rows and no total of 0`);
  };
  return api.pages(path, { page, rows, key: ({ id }) => id }, paging);
}
