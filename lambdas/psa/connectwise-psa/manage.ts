import * as z from 'zod/mini';
import { isReportError, ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { anonymous } from '../../wire/auth.ts';
import { filled } from '../../wire/forms.ts';
import { byToken, nextLink, type Paging } from '../../wire/paging.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import type { Call, Query } from '../../wire/request.ts';
import type { WireResponse } from '../../wire/transport.ts';
import type { PsaRight } from '../delivery/rights.ts';

export const name = 'ConnectWise PSA';

const CLOUD = /\.(myconnectwise\.net|connectwisedev\.com)$/u;
/** For a self-hosted server, and for a cloud that does not report one. */
const FIXED_CODEBASE = 'v4_6_release/';

const Login = z.nullable(z.object({ Codebase: filled }));

/** The host for people, used in links. */
export const userOrigin = (siteUrl: string): URL => new URL(siteUrl.replace('//api-', '//'));

/** The host that answers API calls. */
export function apiOrigin(siteUrl: string): string {
  const user = userOrigin(siteUrl);
  return CLOUD.test(user.hostname) ? `https://api-${user.hostname}` : user.origin;
}

/** Numbered pages whose end is a Link header without rel="next"; orderBy keeps rows from moving between pages. */
const pages = (query: Query): Paging<unknown> =>
  byToken({
    param: 'page',
    query: { ...query, orderBy: 'id', pageSize: 1000 },
    next: (_, headers) => {
      const link = nextLink(headers);
      return link === undefined ? undefined : new URL(link, 'https://link.invalid').searchParams.get('page');
    },
  });

/** A text inside a condition; the grammar has no escape for its quotes. */
export const quoted = (text: string): string => `"${text.replace(/["\\]/gu, '')}"`;

export type Manage = ReturnType<typeof manageApi>;

const Ids = z.array(z.object({ id: z.int() }));

/** A right that is checked by one row of a list. */
export const sees = (right: string, where: string, path: string): PsaRight<{ siteUrl: string; companyId: string }> => ({
  ...{ right, where },
  check: ({ api, settings: { siteUrl, companyId } }) =>
    manageApi(api, siteUrl, companyId).get(path, { fields: 'id', pageSize: 1 }, Ids),
});

/** The API below its codebase. */
export function manageApi(api: Api, siteUrl: string, companyId: string) {
  const { address, moved } = codebaseOf(api, siteUrl, companyId);
  return {
    async send(method: 'GET' | 'POST', path: string, call: Call = {}): Promise<WireResponse> {
      const before = await address(path);
      const answer = await api.send(method, before, { ...call, accept: [...(call.accept ?? []), 404] });
      if (answer.status !== 404) return answer;
      if (await moved(path, before)) return api.send(method, await address(path), call);
      throw new RefusedAnswer('VendorContractError', `${name} ${method} ${before}: not found (HTTP 404)`, 404);
    },
    parse: api.parse.bind(api),
    async get<T>(path: string, query: Query, schema: z.ZodMiniType<T>): Promise<T> {
      const answer = await this.send('GET', path, { query });
      return api.parse(answer, schema, 'GET', path);
    },
    async *list<R extends { id: number }>(
      path: string,
      page: z.ZodMiniType<R[]>,
      query: Query = {},
    ): AsyncGenerator<R> {
      const read = (at: string) =>
        api.pages(at, { list: path, page, rows: (rows) => rows, key: (row) => row.id }, pages(query));
      const before = await address(path);
      let begun = false;
      try {
        for await (const row of read(before)) {
          begun = true;
          yield row;
        }
      } catch (error) {
        if (begun || !isReportError(error, 'VendorContractError') || !(await moved(path, before))) throw error;
        yield* read(await address(path));
      }
    },
  };
}

/** The part of every address that ConnectWise changes whenever it upgrades the cloud: read when first needed. */
function codebaseOf(api: Api, siteUrl: string, companyId: string) {
  let codebase: Promise<string> | undefined;
  const address = async (path: string): Promise<string> => {
    codebase ??= readCodebase(api, siteUrl, companyId).catch((error: unknown) => {
      codebase = undefined;
      throw error;
    });
    return `/${await codebase}apis/3.0${path}`;
  };
  return {
    address,
    /**
     * A stale codebase shows as a plain 404: it is read again, and what was asked is asked again only if it changed.
     */
    async moved(path: string, before: string): Promise<boolean> {
      codebase = undefined;
      return (await address(path)) !== before;
    },
  };
}

async function readCodebase(api: Api, siteUrl: string, companyId: string): Promise<string> {
  if (!CLOUD.test(userOrigin(siteUrl).hostname)) return FIXED_CODEBASE;
  const path = `/login/companyinfo/${encodeURIComponent(companyId)}`;
  const answer = await api.with({ auth: anonymous }).send('GET', path, { accept: [404] });
  if (answer.status === 404) return FIXED_CODEBASE;
  const login = api.parse(answer, Login, 'GET', path);
  if (login !== null) return `${login.Codebase.replace(/\/$/u, '')}/`;
  throw new ReportError(
    'VendorAuthError',
    `${name} does not know the company id "${companyId}" at ${siteUrl}: companyId in secrets/connectwise-psa.json is the one that you type at login`,
    { wide: true },
  );
}
