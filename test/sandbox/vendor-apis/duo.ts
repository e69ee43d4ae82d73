import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { wholeNumber } from '../gate.ts';
import { formOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';

const PARENT_HOST = 'api-5d0c9a1e.duosecurity.com';
const INTEGRATION_KEY = 'DINORTHWINDDEMO00001';
const SECRET_KEY = 'northwindDemoSecretNotReal0123456789abcd';
/** A signature is good this long before and after its date. */
const WINDOW_SECONDS = 300;
/** The only way of writing a date that Duo reads (RFC 2822). */
const MAIL_DATE = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (GMT|[+-]\d{4})$/u;

/** The edition's code, as billing tells it, and its name, as the summary does. */
const EDITIONS = [
  ['ENTERPRISE', 'Duo Essentials'],
  ['PLATFORM', 'Duo Advantage'],
  ['BEYOND', 'Duo Premier'],
] as const;

type Account = {
  client: Client;
  id: string;
  host: string;
  users: number;
  edition: readonly [code: string, name: string];
  oddity?: 'forbidden' | 'no edition' | 'no edition, no billing' | 'no host of its own';
};

/** Duo: every request signed (version 5, or 2), the list on the parent's host, each child on its own. */
export default function duo(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'duo', { share: 60 }).map((client, index) => accountOf(msp, client, index));
  const listed = served.filter(({ client }) => !client.gone);
  return {
    id: 'duo',
    answers: (host) => host === PARENT_HOST || listed.some((account) => account.host === host),
    secret: { integrationKey: INTEGRATION_KEY, secretKey: SECRET_KEY, apiHost: PARENT_HOST },
    configuration: {},
    customers: served.map(({ client, id, users, edition, oddity }) =>
      trueCustomer(
        client,
        id,
        [['Duo Users', users], ...(oddity === 'no edition, no billing' ? [] : [['Duo Edition', edition[1]] as const])],
        oddity === 'forbidden' ? 'failed' : 'counted',
      ),
    ),
    handle(request) {
      const { method, host, path, query } = request;
      const refused = checkSignature(request, now());
      if (refused !== undefined) return refused;
      if (path === '/accounts/v1/account/list') {
        if (method !== 'POST') return fail(405, 40501, 'Method not allowed');
        if (host !== PARENT_HOST) return fail(403, 40301, 'Access forbidden');
        return ok(
          listed.map(({ id, client, host: api_hostname, oddity }) => ({
            account_id: id,
            name: client.name,
            ...(oddity === 'no host of its own' ? {} : { api_hostname }),
          })),
        );
      }
      if (method !== 'GET') return fail(404, 40401, 'Resource not found');
      const account = listed.find(({ id }) => id === query.get('account_id'));
      if (account === undefined || account.host !== host || account.oddity === 'forbidden') {
        return fail(403, 40301, 'Access forbidden');
      }
      return answer(account, path, query);
    },
  };
}

type Signed = Omit<SandboxRequest, 'body'> & { body: Uint8Array };

/**
 * The signature of version 5: HMAC-SHA-512 over date, method, host, path, sorted query, hash of the body, hash of the
 * `X-Duo-*` headers.
 */
export function signatureV5(key: string, { method, host, path, query, headers, body }: Signed): string {
  const sha512 = (bytes: string | Uint8Array) => createHash('sha512').update(bytes).digest('hex');
  const extra = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-duo-'))
    .sort()
    .flat()
    .join('\0');
  const lines = [headers.date, method, host, path, canonical(query), sha512(body), sha512(extra)];
  return createHmac('sha512', key).update(lines.join('\n')).digest('hex');
}

/** The signature of version 2: five lines, the fields of a form instead of a query. SHA-1 is for older clients. */
export function signatureV2(
  key: string,
  { method, host, path, query, headers, body }: Signed,
  hash: 'sha512' | 'sha1' = 'sha512',
): string {
  const parameters = method === 'GET' ? query : new URLSearchParams(Buffer.from(body).toString('utf8'));
  const lines = [headers.date, method, host, path, canonical(parameters)];
  return createHmac(hash, key).update(lines.join('\n')).digest('hex');
}

function canonical(parameters: URLSearchParams): string {
  const encode = (text: string) =>
    [...Buffer.from(text, 'utf8')]
      .map((byte) => {
        const character = String.fromCharCode(byte);
        return /[A-Za-z0-9_.~-]/u.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
      })
      .join('');
  const pairs = [...parameters].map(([name, value]) => [encode(name), encode(value)]);
  return pairs
    .toSorted(
      ([a = '', x = ''], [b = '', y = '']) => Buffer.compare(Buffer.from(a), Buffer.from(b)) || (x < y ? -1 : 1),
    )
    .map((pair) => pair.join('='))
    .join('&');
}

/** Version 5 speaks JSON, version 2 forms; a signature of the one does not pass for the other. */
function isSignedBy(key: string, request: SandboxRequest, signature: string): boolean {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  const good = [
    ...(request.method === 'POST' && isForm ? [] : [signatureV5(key, request)]),
    ...(request.method === 'POST' && !isForm ? [] : [signatureV2(key, request), signatureV2(key, request, 'sha1')]),
  ];
  const sent = Buffer.from(signature);
  return good
    .map((each) => Buffer.from(each))
    .some((signed) => signed.length === sent.length && timingSafeEqual(signed, sent));
}

function checkSignature(request: SandboxRequest, now: number): SandboxResponse | undefined {
  const { authorization = '', date = '' } = request.headers;
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/u.exec(authorization) ?? [];
  const [, key, signature = ''] = /^([^:]*):(.*)$/u.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (key === undefined) return fail(401, 40101, 'Missing request credentials');
  if (key !== INTEGRATION_KEY) return fail(401, 40102, 'Invalid integration key in request credentials');
  if (!isSignedBy(SECRET_KEY, request, signature)) {
    return fail(401, 40103, 'Invalid signature in request credentials');
  }
  const age = MAIL_DATE.test(date) ? Math.abs(now - Date.parse(date)) : Number.NaN;
  if (!(age <= WINDOW_SECONDS * 1000)) return fail(401, 40105, 'Bad request timestamp');
  if (request.method !== 'POST' || formOf(request) !== undefined) return undefined;
  try {
    if (!(request.headers['content-type'] ?? '').startsWith('application/json')) throw new Error('no JSON');
    JSON.parse(Buffer.from(request.body).toString('utf8'));
    return undefined;
  } catch {
    return fail(400, 40002, 'Invalid request parameters');
  }
}

const ok = (response: unknown, metadata?: object): SandboxResponse => ({
  status: 200,
  body: { stat: 'OK', response, ...(metadata === undefined ? {} : { metadata }) },
});

const fail = (status: number, code: number, message: string): SandboxResponse => ({
  status,
  body: { stat: 'FAIL', code, message },
});

function accountOf(msp: DemoMsp, client: Client, index: number): Account {
  const oddities = new Map<number, NonNullable<Account['oddity']>>([
    [3, 'forbidden'],
    [6, 'no edition'],
    [10, 'no host of its own'],
    [12, 'no edition, no billing'],
  ]);
  const oddity = client.gone ? undefined : oddities.get(index);
  const word = msp.guid('duo', client.key).replace(/-/gu, '');
  return {
    client,
    id: `DA${word.slice(0, 18).toUpperCase()}`,
    host: oddity === 'no host of its own' ? PARENT_HOST : `api-${word.slice(18, 26)}.duosecurity.com`,
    users: client.fleet.users,
    edition: EDITIONS[msp.draw(EDITIONS.length, 'duo', client.key, 'edition')] ?? EDITIONS[0],
    ...(oddity === undefined ? {} : { oddity }),
  };
}

function answer({ id, users, edition, oddity }: Account, path: string, query: URLSearchParams): SandboxResponse {
  const [code, name] = edition;
  switch (path) {
    case '/admin/v1/info/summary':
      return ok({
        admin_count: 2,
        integration_count: 6,
        user_count: users,
        user_pending_deletion_count: users % 3,
        telephony_credits_remaining: 90,
        ...(oddity === undefined || oddity === 'no host of its own' ? { edition: name } : {}),
      });
    case '/admin/v1/billing/edition':
      return oddity === 'no edition, no billing' ? fail(403, 40301, 'Access forbidden') : ok({ edition: code });
    case '/admin/v1/users': {
      const limit = wholeNumber(query.get('limit'), 100);
      const offset = wholeNumber(query.get('offset'), 0);
      if (limit === undefined || offset === undefined || limit < 1)
        return fail(400, 40002, 'Invalid request parameters');
      const end = Math.min(users, offset + Math.min(limit, 300));
      const page = Array.from({ length: Math.max(0, end - offset) }, (_, index) => ({
        user_id: `DU${id.slice(2, 12)}${String(offset + index).padStart(8, '0')}`,
        username: `user${offset + index}`,
        status: (offset + index) % 9 === 8 ? 'disabled' : 'active',
        is_enrolled: true,
      }));
      return ok(page, { total_objects: users, ...(end < users ? { next_offset: end } : {}) });
    }
    default:
      return fail(404, 40401, 'Resource not found');
  }
}
