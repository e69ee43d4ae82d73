import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow, wholeNumber } from '../gate.ts';
import type { SandboxRequest, SandboxResponse, SandboxVendor, TrueCustomer } from '../vendor.ts';

const HOST = 'api.eu.itglue.com';
const API_KEY = 'ITG.5d1f7a90c2be4e63a8f04b7d6e21c935.northwindDemoNotReal';
const PAGE = { usual: 50, most: 1_000 };
const TYPE = 'application/vnd.api+json';
const COLUMN = 'MyGlue Users';
/** The MSP's own organization, older than all others. */
const PRIMARY = { id: 2_400_001, account: 9_001 };
/** A MyGlue account whose organization was removed; its users are still there. */
const ORPHANED = 8_877;
const STATUSES = ['Active', 'Active', 'Active', 'Onboarding'];

type Organization = {
  id: number;
  client?: Client;
  name: string;
  status: string;
  parent: number | null;
  account: number | null;
  users: number;
  state: 'counted' | 'excluded';
};
type Row = { id: string; [member: string]: unknown };

/**
 * IT Glue, EU: an API key, JSON:API in pages of 50 at the most 1000, ten requests a second, ids as text here and as
 * numbers there.
 */
export default function itGlue(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = organizationsOf(msp);
  const primary: Organization = {
    ...{ id: PRIMARY.id, name: msp.managing.name, status: 'Active', parent: null, account: PRIMARY.account, users: 0 },
    state: 'excluded',
  };
  const listed = [primary, ...served.filter(({ client }) => client?.gone !== true)];
  let users: List | undefined;
  const mayPass = slidingWindow(now, 10, 1);

  return {
    id: 'it-glue',
    answers: (host) => host === HOST,
    secret: { apiKey: API_KEY, region: 'eu' },
    configuration: {},
    customers: [primary, ...served].map(
      ({ id, name, client, users: seats, state }): TrueCustomer =>
        client === undefined
          ? { id: String(id), name, cells: {}, state }
          : trueCustomer(client, id, [[COLUMN, seats]], state),
    ),
    handle(request) {
      if (request.headers['x-api-key'] !== API_KEY) return refusal(401, 'Unauthorized', 'The API key is not valid');
      if (!mayPass()) return refusal(429, 'Too Many Requests', 'Rate limit exceeded');
      if (!isAcceptable(request.headers.accept ?? '*/*')) return refusal(406, 'Not Acceptable', `expected ${TYPE}`);
      if (request.method !== 'GET') return refusal(404, 'Not Found', request.path);
      if (request.path === '/organizations') return page(request, list(listed.map(organizationRow)));
      if (request.path === '/users') {
        users ??= list(usersOf(msp, listed));
        return page(request, users);
      }
      return refusal(404, 'Not Found', request.path);
    },
  };
}

/** JSON:API is the only form there is; who takes anything gets it. */
const isAcceptable = (accept: string): boolean => accept.includes(TYPE) || accept.includes('*/*');

const refusal = (status: number, title: string, detail: string): SandboxResponse => ({
  status,
  headers: { 'content-type': TYPE },
  body: JSON.stringify({ errors: [{ status: String(status), title, detail, source: { pointer: '/data' } }] }),
});

type List = { all: readonly Row[]; byId: readonly Row[] };

const list = (all: readonly Row[]): List => ({ all, byId: all.toSorted((a, b) => Number(a.id) - Number(b.id)) });

/** A page by number; a filter on MyGlue does not exist for users and does nothing. */
function page({ query }: SandboxRequest, { all, byId }: List): SandboxResponse {
  const number = wholeNumber(query.get('page[number]'), 1);
  const size = wholeNumber(query.get('page[size]'), PAGE.usual);
  if (number === undefined || number < 1 || size === undefined || size < 1 || size > PAGE.most) {
    return refusal(400, 'Bad Request', `page[number] counts from 1, page[size] is 1 to ${PAGE.most}`);
  }
  const filter = [...query.keys()].find((name) => name.startsWith('filter['));
  if (filter !== undefined && filter !== 'filter[my_glue]') {
    return refusal(400, 'Bad Request', `${filter} is not served`);
  }
  const sort = query.get('sort');
  if (sort !== null && !['id', '-id', 'name', 'created_at', 'updated_at'].includes(sort)) {
    return refusal(400, 'Bad Request', `sort: ${sort} is not allowed`);
  }
  // Without an order the rows come as the database finds them, which is another way for each page.
  const turn = sort === null ? (number * 13) % Math.max(1, all.length) : 0;
  const rows = sort === 'id' ? byId : [...all.slice(turn), ...all.slice(0, turn)];
  const pages = Math.ceil(rows.length / size);
  const meta = {
    'current-page': number,
    'next-page': number < pages ? number + 1 : null,
    'prev-page': number > 1 ? number - 1 : null,
    'total-pages': pages,
    'total-count': rows.length,
    filters: {},
  };
  return {
    status: 200,
    headers: { 'content-type': TYPE },
    body: JSON.stringify({ data: rows.slice((number - 1) * size, number * size), meta, links: {} }),
  };
}

/**
 * Who has MyGlue follows from the draw; a branch shares the account of its head office, the MSP's own organization that
 * of a customer.
 */
function organizationsOf(msp: DemoMsp): Organization[] {
  const clients = clientele(msp, 'it-glue', { share: 85 });
  const branches = new Map(
    clients.filter(({ key }) => key.endsWith('/branch')).map((branch) => [branch.key.replace('/branch', ''), branch]),
  );
  const byKey = new Map<string, Organization>();
  clients.forEach((client, index) => {
    const { key, name, fleet, gone } = client;
    const id = 2_400_100 + index * 13;
    const head = byKey.get(key.replace('/branch', ''));
    if (head !== undefined) {
      // Both halves sign in to one account, so its seats are all at the head office.
      const { account } = head;
      byKey.set(key, { id, client, name, status: 'Active', parent: head.id, account, users: 0, state: 'excluded' });
      return;
    }
    const branch = branches.get(key);
    const inactive = !gone && branch === undefined && index % 19 === 8;
    const uses = branch !== undefined || index === 1 || msp.draw(100, 'it-glue', key, 'myglue') < 55;
    byKey.set(key, {
      ...{ id, client, name, parent: null, state: inactive ? 'excluded' : 'counted' },
      status: inactive ? 'Inactive' : (STATUSES[msp.draw(STATUSES.length, 'it-glue', key, 'status')] ?? 'Active'),
      account: index === 1 ? PRIMARY.account : uses ? 10_000 + index : null,
      users: uses ? fleet.users + (branch?.fleet.users ?? 0) : 0,
    });
  });
  return [...byKey.values()];
}

function organizationRow({ id, name, status, parent, account }: Organization): Row {
  return {
    id: String(id),
    type: 'organizations',
    attributes: {
      name,
      'short-name': name.slice(0, 4).toUpperCase(),
      alert: null,
      'organization-type-name': id === PRIMARY.id ? 'Internal' : 'Customer',
      'organization-status-name': status,
      primary: id === PRIMARY.id,
      'parent-id': parent,
      'psa-integration': 'enabled',
      'my-glue-account-id': account,
      'my-glue-account-status': account === null ? null : 'active',
      'created-at': '2024-02-01T10:00:00.000Z',
      'updated-at': '2026-05-01T10:00:00.000Z',
    },
  };
}

/** So many ids are mixed before the next ones come. */
const IDS = 700_001;

/**
 * The MSP's own people, who are no MyGlue seats, and the users of every account, those of a removed organization too.
 */
function usersOf(msp: DemoMsp, organizations: readonly Organization[]): Row[] {
  const accounts = organizations
    .filter(({ account, users }) => account !== null && users > 0)
    .map(({ account, users }) => ({ account: account ?? 0, users }));
  const groups = [{ account: null, users: 14 }, { account: ORPHANED, users: 3 }, ...accounts];
  // Everybody keeps a number of their own while others come and go.
  const people = groups.flatMap(({ account, users }, group) =>
    Array.from({ length: users }, (_, place) => ({ account, index: place * groups.length + group })),
  );
  // Neighbours in the list belong to different accounts, as people joined over the years.
  return people
    .map((person) => ({ ...person, rank: msp.draw(1_000_000, 'user', person.index) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ account, rank, index }): Row => {
      const invited = account !== null && rank % 9 === 0;
      return {
        id: String(770_000 + index - (index % IDS) + ((index * 7_919) % IDS)),
        type: 'users',
        attributes: {
          'first-name': 'Demo',
          'last-name': `User ${index}`,
          name: `Demo User ${index}`,
          email: `user${index}@example.com`,
          'role-name': account === null ? 'Editor' : 'Lite',
          'my-glue': account !== null,
          // A number at the organizations, text here.
          'my-glue-account-id': account === null ? null : String(account),
          'invitation-sent-at': '2026-01-03T09:00:00.000Z',
          'invitation-accepted-at': invited ? null : '2026-01-04T09:00:00.000Z',
          'last-sign-in-at': rank % 5 === 0 ? null : '2026-06-20T09:00:00.000Z',
          reputation: 10,
        },
      };
    });
}
