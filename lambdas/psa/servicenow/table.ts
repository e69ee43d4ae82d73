import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { type Auth, basic, clientCredentials, headers, refusedCredentials } from '../../wire/auth.ts';
import type { Classify } from '../../wire/classify.ts';
import { filled, maybe } from '../../wire/forms.ts';
import { nextLink, type Paging } from '../../wire/paging.ts';
import type { WireResponse } from '../../wire/transport.ts';
import type { PsaRight } from '../delivery/rights.ts';

export const name = 'ServiceNow';

/** Rows of a page: with few fields it stays inside the minute after which an instance cancels a request. */
const PAGE = 1000;

export const AUTH_TYPES = ['basic', 'oauth_client_credentials', 'oauth_password', 'api_key'] as const;

const CREDENTIALS = ['username', 'password', 'clientId', 'clientSecret', 'apiKey'] as const;
type Credentials = { authType: (typeof AUTH_TYPES)[number]; instanceUrl: string } & {
  [member in (typeof CREDENTIALS)[number]]?: string | undefined;
};

const NEEDED: Record<Credentials['authType'], readonly (typeof CREDENTIALS)[number][]> = {
  basic: ['username', 'password'],
  oauth_client_credentials: ['clientId', 'clientSecret'],
  oauth_password: ['clientId', 'clientSecret', 'username', 'password'],
  api_key: ['apiKey'],
};

/** What each kind of credentials consists of, in a sentence. */
export const NEEDED_IN_WORDS = `expected ${AUTH_TYPES.map((type) => `${NEEDED[type].join(', ')} with authType ${type}`).join('; ')}`;

export const isComplete = (credentials: Omit<Credentials, 'instanceUrl'>): boolean =>
  NEEDED[credentials.authType].every((member) => credentials[member] !== undefined);

/** People copy the address of a page, which has a path. */
export const origin = (instanceUrl: string): string => new URL(instanceUrl).origin;

export function authOf(credentials: Credentials): Auth {
  const { authType, instanceUrl } = credentials;
  const required = (member: (typeof CREDENTIALS)[number]): string => {
    const value = credentials[member];
    if (value === undefined) throw new ReportError('ConfigurationError', `secrets/servicenow.json: ${NEEDED_IN_WORDS}`);
    return value;
  };
  if (authType === 'basic') return basic(required('username'), required('password'));
  if (authType === 'api_key') return headers({ 'x-sn-apikey': required('apiKey') });
  const client = { client_id: required('clientId'), client_secret: required('clientSecret') };
  return clientCredentials({
    url: `${origin(instanceUrl)}/oauth_token.do`,
    fields:
      authType === 'oauth_password'
        ? { grant_type: 'password', ...client, username: required('username'), password: required('password') }
        : { grant_type: 'client_credentials', ...client },
    // Every other call says JSON, even one without a body.
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    refusal: ({ status }, text) => {
      if (authType === 'oauth_password') return undefined;
      const refused = refusedCredentials(`${name} token request`, status, text);
      if (refused.name !== 'VendorAuthError') return refused;
      const { message } = refused;
      return new ReportError(
        'VendorAuthError',
        `${message}; the grant needs an OAuth application user on its entry and, in the older application registry, ` +
          'the system property glide.oauth.inbound.client.credential.grant_type.enabled with the value true',
        { wide: true },
      );
    },
  });
}

/**
 * An instance that sleeps answers 200 with a page of HTML, and one that ran out of time 200 with half an answer: both
 * are temporary.
 */
export const classifyServiceNow: Classify = ({ status, headers, body }) => {
  if (status < 200 || status >= 300) return undefined;
  const text = Buffer.from(body).toString('utf8');
  if (/html/iu.test(headers['content-type'] ?? '') || text.trimStart().startsWith('<')) {
    return {
      verdict: 'unavailable',
      reason: 'an HTML page came instead of an answer; the instance may be hibernating',
    };
  }
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return { verdict: 'unavailable', reason: 'the answer breaks off, as when the instance runs out of time' };
  }
};

/** A value inside an encoded query. */
export const value = (text: string): string => text.replaceAll('^', '^^');

const ErrorBody = z.object({
  error: z.object({ message: maybe(z.string()), detail: maybe(z.string()) }),
});

/** Message and detail of ServiceNow's error body. */
export function wordsIn(body: unknown): string {
  const { message, detail } = z.parse(ErrorBody, body).error;
  return [message, detail].filter((part) => typeof part === 'string' && part !== '').join(': ');
}

/**
 * Pages by offset. An instance cuts a page before it takes out the rows that we are not allowed to see, so a short or
 * empty page is not the end: the declared total is, or the missing next link. If it gives neither, the end is the first
 * page without a new row.
 */
const windows = (query: string): Paging<unknown> => {
  const at = (offset: number) => ({ sysparm_query: query, sysparm_limit: PAGE, sysparm_offset: offset });
  return {
    first: at(0),
    step: ({ index, headers, keys, fresh }) => {
      const next = (index + 1) * PAGE;
      const total = headers['x-total-count'];
      if (total !== undefined && /^\d+$/u.test(total)) {
        return next >= Number(total) ? { end: 'the declared total was passed' } : { next: { query: at(next) } };
      }
      if (headers.link !== undefined) {
        if (nextLink(headers) === undefined) return { end: 'no next link' };
        if (fresh > 0 || keys.length === 0) return { next: { query: at(next) } };
        throw new ReportError('VendorContractError', `${name}: page ${index + 1} repeats rows already read`);
      }
      return fresh === 0 ? { end: 'a page without a new row' } : { next: { query: at(next) } };
    },
    judgesRepeats: true,
  };
};

const Id = z.object({ sys_id: z.string() });

/** The answer to a create call. */
export const Made = z.object({ result: z.object({ sys_id: filled }) });

/** The path of a table. */
export const pathOf = (table: string): string => `/api/now/table/${table}`;

/** The cheapest read of a table. */
export const oneRow = (api: Api, table: string): Promise<WireResponse> =>
  api.send('GET', pathOf(table), { query: { sysparm_fields: 'sys_id', sysparm_limit: 1 } });

/** A right that is checked by one row of a table. */
export const reads = (
  right: string,
  where: string,
  tableOf: (settings: { companyTable: string }) => string,
): PsaRight<{ companyTable: string }> => ({
  ...{ right, where },
  check: ({ api, settings }) => oneRow(api, tableOf(settings)),
});

/**
 * The rows of a table that an encoded query asks for, `fields` besides sys_id; sorted, or rows would move between
 * pages.
 */
export function rows<R extends z.output<typeof Id>>(
  api: Api,
  table: string,
  row: z.ZodMiniType<R>,
  fields: readonly string[],
  query: string,
): AsyncGenerator<R> {
  return api.pages(
    pathOf(table),
    {
      query: { sysparm_fields: ['sys_id', ...fields].join(','), sysparm_exclude_reference_link: true },
      page: z.object({ result: z.array(row) }),
      rows: ({ result }) => result,
      key: ({ sys_id }) => sys_id,
    },
    windows(`${query}^ORDERBYsys_id`),
  );
}
