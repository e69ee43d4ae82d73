import * as z from 'zod/mini';
import { find, GuessedRow, textOf } from '../../counting/guessed-row.ts';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { ReportError } from '../../report/errors.ts';
import { byLink, nextLink, type Paging } from '../../wire/paging.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';

/** A device as both versions of the API tell it. `type` is empty where the vendor has none. */
export type Endpoint = { id: string; company: string; site: string; type: string };

/** The casing of member names differs from route to route. */
const ID = ['endpointId', 'endpointID', 'EndpointID'];
const COMPANY = ['clientId', 'clientID', 'companyId', 'companyID'];
const SITE = ['siteId', 'siteID'];
const TYPE = ['endpointType', 'EndpointType'];

const PATH = '/api/platform/v1/device/endpoints';
const PATH_BY_COMPANY = '/api/platform/v2/device/categories/all/endpoints';
const PAGE_SIZE = 500;
const QUERY = { limit: PAGE_SIZE, field: 'endpointType,resourceType,subResourceType,type,os' };

/** Statuses by which the route of version 1 says that this key cannot have it. */
const NOT_THIS_WAY = [403, 404, 410];

const optionalText = (row: GuessedRow, names: readonly string[]): string => {
  const value = find(row, names);
  return value === undefined || value === '' ? '' : textOf(row, names, 'ConnectWise Asio');
};

const endpointOf = (row: GuessedRow): Endpoint => ({
  id: textOf(row, ID, 'ConnectWise Asio endpoint'),
  company: optionalText(row, COMPANY),
  site: optionalText(row, SITE),
  type: optionalText(row, TYPE),
});

/** Of a single device the type may be empty; a member that no device at all has was renamed. */
const tellsType = (row: GuessedRow): boolean => TYPE.some((name) => Object.hasOwn(row, name));

const withoutType = (path: string, seen: GuessedRow): ReportError =>
  new ReportError(
    'VendorContractError',
    `ConnectWise Asio ${path}: no endpoint has a type (members seen: ${Object.keys(seen).join(', ')})`,
  );

/**
 * Every device of the partner in one list (version 1), or undefined where the key may not read that. The one answer is very large:
 * of each record only what is counted by is kept.
 */
export async function allEndpoints(api: VendorApi): Promise<Endpoint[] | undefined> {
  let seen: GuessedRow = {};
  let told = false;
  const Record = z.pipe(
    GuessedRow,
    z.transform((row) => {
      seen = row;
      told ||= tellsType(row);
      return endpointOf(row);
    }),
  );
  const list = api.pages(
    PATH,
    { page: z.object({ endpoints: z.array(Record) }), rows: ({ endpoints }) => endpoints, key: ({ id }) => id },
    byLink({ next: (_, headers) => nextLink(headers) }),
  );
  const endpoints: Endpoint[] = [];
  try {
    for await (const endpoint of list) endpoints.push(endpoint);
  } catch (error) {
    if (error instanceof RefusedAnswer && NOT_THIS_WAY.includes(error.status)) return undefined;
    throw error;
  }
  if (endpoints.length > 0 && !told) throw withoutType(PATH, seen);
  return endpoints;
}

const Groups = z.array(
  z.pipe(
    GuessedRow,
    z.transform((group) => ({ company: optionalText(group, COMPANY), endpoints: group.endpoints })),
  ),
);
const Rows = z.nullable(z.array(GuessedRow));

type Categories = z.output<typeof GuessedRow>;
type Row = { category: string; company: string; row: GuessedRow };

/** "Resource not found" is how this route says that there are no devices, or no more. */
const isNothing = (body: Categories): boolean =>
  /not.?found/iu.test(['error', 'message', 'description'].map((name) => optionalText(body, [name])).join(' '));

/** Devices stand in groups, one a company and site, and those in categories, whose names are not all known. */
function rowsOf(api: VendorApi, body: Categories): Row[] {
  if (isNothing(body)) return [];
  const categories = Object.entries(body).filter(([, groups]) => Array.isArray(groups));
  if (categories.length === 0) {
    throw new ReportError(
      'VendorContractError',
      `ConnectWise Asio ${PATH_BY_COMPANY}: expected lists of groups (members seen: ${Object.keys(body).join(', ')})`,
    );
  }
  return categories.flatMap(([category, groups]) =>
    api.check(Groups, groups, `endpoints.${category}`).flatMap(({ company, endpoints }) =>
      (api.check(Rows, endpoints, `endpoints.${category}.endpoints`) ?? []).map((row) => ({
        category,
        company,
        row,
      })),
    ),
  );
}

/** The Link header leads on; without one a page that is not full is the last, and the cursor counts devices. */
const byCursor: Paging<Categories> = {
  first: { ...QUERY, cursor: 0 },
  step: ({ body, headers, keys, received }) => {
    if (isNothing(body)) return { end: 'nothing found there' };
    const link = nextLink(headers);
    if (link !== undefined) return { next: { url: link } };
    if (keys.length < PAGE_SIZE) return { end: 'a page that is not full, without a next link' };
    return { next: { query: { ...QUERY, cursor: received } } };
  },
};

/**
 * Devices of up to four companies (version 2). `verb` is shared by all calls: the route takes POST by its document and GET, with
 * a body, on some live tenants. Errors: `VendorContractError` where it speaks of a company that was not asked for.
 */
export async function endpointsOf(
  api: VendorApi,
  companies: readonly string[],
  verb: { method: 'GET' | 'POST' },
): Promise<Endpoint[]> {
  const { method } = verb;
  const list = api.pages(
    PATH_BY_COMPANY,
    {
      method,
      json: { resourceType: 'company', resources: companies },
      accept: [404],
      page: GuessedRow,
      rows: (body) => rowsOf(api, body),
      key: ({ row }) => textOf(row, ID, 'ConnectWise Asio endpoint'),
      list: `${PATH_BY_COMPANY} ${companies.join(' ')}`,
    },
    byCursor,
  );
  const rows: Row[] = [];
  try {
    for await (const row of list) rows.push(row);
  } catch (error) {
    if (!(error instanceof RefusedAnswer && error.status === 405) || method === 'GET') throw error;
    verb.method = 'GET';
    return endpointsOf(api, companies, verb);
  }
  // Network devices have a category of their own and need no type.
  const others = rows.filter(({ category }) => category !== 'network').map(({ row }) => row);
  const [first] = others;
  if (first !== undefined && !others.some(tellsType)) throw withoutType(PATH_BY_COMPANY, first);
  return rows.map(({ category, company, row }) => {
    const endpoint = endpointOf(row);
    const type = endpoint.type === '' && category === 'network' ? 'NetworkDevice' : endpoint.type;
    const owner = company === '' ? endpoint.company : company;
    if (companies.includes(owner)) return { ...endpoint, company: owner, type };
    throw new ReportError(
      'VendorContractError',
      `ConnectWise Asio ${PATH_BY_COMPANY}: asked for ${companies.join(', ')}, answered for "${owner}"`,
    );
  });
}
