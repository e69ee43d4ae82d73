import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow, tokenDesk } from '../gate.ts';
import { companyIds, mishaps, type SandboxPsa, type StoredTicket } from '../psa.ts';
import { formOf, jsonOf, type SandboxRequest, type SandboxResponse } from '../vendor.ts';
import { SOLD_COLUMNS, soldProductsOf } from './servicenow/sold-products.ts';

type Row = Record<string, string>;
/** A table: the columns that it has, and its rows. `hidden` rows are there, and not for this user to see. */
type Table = { columns: string[]; rows: Row[]; hidden?: Set<string> };

const HOST = 'northwind.service-now.com';
const SECRET = {
  instanceUrl: `https://${HOST}`,
  authType: 'basic',
  username: 'billing.integration',
  password: 'sn-demo-password-4471',
};
const CLIENT = { clientId: 'f00d4c0ffee14d0fa11ce5e7c0de2026', clientSecret: 'sn-demo-client-secret' };
const API_KEY = 'now_demo-api-key-0123456789';
const TOKEN_SECONDS = 1799;
const PER_HOUR = 5000;
/** How long columns are; what is longer is cut off silently. */
const LENGTHS = new Map([
  ['short_description', 160],
  ['description', 4000],
  ['correlation_id', 100],
  ['correlation_display', 100],
]);

const refused = (status: number, message: string, detail = ''): SandboxResponse => ({
  status,
  body: { error: { message, detail }, status: 'failure' },
});
const notFound = () => refused(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");

export type SandboxServiceNow = SandboxPsa & {
  /** Other ways to be recognized, each a secret. */
  others: { clientCredentials: Row; password: Row; apiKey: Row };
  /** Lets a table answer without this column, as where it has none or a rule hides it. */
  hideColumn(table: string, column: string): void;
};

/** A type that does not go with the extension is refused. */
const TYPE_OF_EXTENSION = new Map([
  ['.csv', 'text/csv'],
  ['.gz', 'application/gzip'],
  ['.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
]);

/** ServiceNow, one instance. */
export default function serviceNow(msp: DemoMsp, now: () => number = Date.now): SandboxServiceNow {
  const wrong = mishaps(now);
  const tokens = tokenDesk(now);
  const passes = slidingWindow(now, PER_HOUR, 3600);
  const made: StoredTicket[] = [];
  const sysId = (...words: (string | number)[]) => msp.guid('servicenow', ...words).replaceAll('-', '');
  const stamp = () => new Date(now()).toISOString().slice(0, 19).replace('T', ' ');

  const owner = { sys_id: sysId('company', 'own'), name: msp.managing.name, customer: 'true', vendor: 'false' };
  const companies: Row[] = [
    owner,
    ...msp.companies.map(({ id, name }) => ({ sys_id: sysId('company', id), name, customer: 'true', vendor: 'false' })),
    { sys_id: sysId('company', 'microsoft'), name: 'Microsoft', customer: 'false', vendor: 'true' },
    { sys_id: sysId('company', 'asleep'), name: 'Asleep Ltd', customer: 'false', vendor: 'false' },
  ];
  const group = (name: string, active = 'true') => ({ sys_id: sysId('group', name), name, active });
  const choice = (name: string, element: string, value: string, label: string, inactive = 'false') => ({
    sys_id: sysId('choice', name, element, value),
    name,
    element,
    value,
    label,
    inactive,
    language: 'en',
  });
  const choices = [
    choice('task', 'state', '1', 'Open'),
    choice('task', 'state', '3', 'Closed Complete'),
    choice('incident', 'state', '1', 'New'),
    choice('incident', 'state', '2', 'In Progress'),
    choice('incident', 'state', '6', 'Resolved'),
    choice('incident', 'state', '9', 'Awaiting', 'true'),
    choice('incident', 'category', 'inquiry', 'Inquiry / Help'),
    choice('incident', 'category', 'billing', 'Billing'),
    choice('change_request', 'state', '-5', 'New'),
  ];
  const task = ['sys_id', 'number', 'short_description', 'description', 'company', 'assignment_group', 'state'];
  const incident: Table = {
    columns: [
      ...[...task, 'category', 'impact', 'urgency', 'priority', 'caller_id'],
      ...['correlation_id', 'correlation_display', 'sys_created_on', 'u_cost_centre'],
    ],
    rows: [
      {
        sys_id: sysId('incident', 'stranger'),
        number: 'INC0010001',
        short_description: 'Printer on fire',
        correlation_id: '',
        sys_created_on: '2020-01-01 00:00:00',
      },
    ],
  };
  const tables = new Map<string, Table>([
    ['incident', incident],
    [
      'u_billing',
      {
        columns: ['sys_id', 'number', 'short_description', 'sys_created_on'],
        rows: [1, 2, 3].map((row) => ({
          sys_id: sysId('u_billing', row),
          number: `BIL000${row}`,
          short_description: 'x',
          sys_created_on: '2020-01-01 00:00:00',
        })),
      },
    ],
    [
      'core_company',
      {
        columns: ['sys_id', 'name', 'customer', 'vendor'],
        rows: companies,
        hidden: new Set([sysId('company', 'microsoft')]),
      },
    ],
    [
      'sys_user_group',
      {
        columns: ['sys_id', 'name', 'active'],
        rows: [group('Billing'), group('Service Desk'), group('Old Projects', 'false')],
      },
    ],
    [
      'sys_user',
      {
        columns: ['sys_id', 'email', 'active'],
        rows: [{ sys_id: sysId('user', 'billing'), email: 'Billing@northwind.example', active: 'true' }],
      },
    ],
    ['sys_choice', { columns: ['sys_id', 'name', 'element', 'value', 'label', 'inactive', 'language'], rows: choices }],
    [
      'sys_attachment',
      { columns: ['sys_id', 'table_name', 'table_sys_id', 'file_name', 'content_type', 'size_bytes'], rows: [] },
    ],
  ]);

  /** What is sold is made for whoever asks for it first. */
  function tableOf(name: string): Table | undefined {
    if (name === 'sn_install_base_sold_product' && !tables.has(name)) {
      tables.set(name, { columns: SOLD_COLUMNS, rows: soldProductsOf(msp, now(), sysId) });
    }
    return tables.get(name);
  }

  function list(request: SandboxRequest, { columns, rows, hidden }: Table, standard: number): SandboxResponse {
    const { query, path } = request;
    const { matches, order } = encodedQuery(query.get('sysparm_query') ?? '', columns);
    const limit = Number(query.get('sysparm_limit') ?? standard);
    const offset = Number(query.get('sysparm_offset') ?? 0);
    const matching = rows.filter((row) => matches(row) && wrong.isThere(row.sys_id));
    if (order.length > 0) {
      matching.sort((a, b) => {
        const by = order.find((column) => a[column] !== b[column]);
        return by === undefined ? 0 : (a[by] ?? '') < (b[by] ?? '') ? -1 : 1;
      });
    }
    // The page is cut before access rules take rows out of it.
    const page = matching.slice(offset, offset + limit).filter(({ sys_id }) => hidden?.has(sys_id ?? '') !== true);
    const link = (to: number, rel: string) => {
      const next = new URLSearchParams(query);
      next.set('sysparm_offset', String(to));
      return `<https://${HOST}${path}?${next}>;rel="${rel}"`;
    };
    const links = [link(0, 'first'), ...(offset + limit < matching.length ? [link(offset + limit, 'next')] : [])];
    return {
      status: 200,
      headers: { 'x-total-count': String(matching.length), link: links.join(',') },
      body: { result: page.map((row) => pick(row, columns, query.get('sysparm_fields'))) },
    };
  }

  function create(request: SandboxRequest, table: Table): SandboxResponse {
    const body = jsonOf(request);
    if (!isRow(body)) return refused(400, 'Exception while reading request', 'The payload is not valid JSON');
    if (!body.short_description) {
      return refused(403, 'Operation Failed', 'Data Policy Exception: Short description is mandatory');
    }
    // A column that is not there is left out; a reference that leads nowhere is stored as it is.
    const stored: Row = Object.fromEntries(
      Object.entries(body)
        .filter(([column]) => table.columns.includes(column) && !['sys_id', 'number', 'priority'].includes(column))
        .map(([column, value]) => [column, String(value).slice(0, LENGTHS.get(column))]),
    );
    const id = sysId('incident', made.length);
    const row: Row = {
      ...stored,
      description: stored.description ?? '',
      sys_id: id,
      number: `INC00142${String(made.length).padStart(2, '0')}`,
      state: stored.state ?? '1',
      correlation_id: stored.correlation_id ?? '',
      sys_created_on: stamp(),
    };
    table.rows.push(row);
    made.push({
      id,
      title: String(row.short_description),
      description: String(row.description),
      companyId: String(row.company),
      board: tables.get('sys_user_group')?.rows.find(({ sys_id }) => sys_id === row.assignment_group)?.name ?? '',
      status:
        choices.find(({ name, element, value }) => name === 'incident' && element === 'state' && value === row.state)
          ?.label ?? '',
      attachments: [],
    });
    return {
      status: 201,
      headers: { location: `https://${HOST}/api/now/table/incident/${id}` },
      body: { result: pick(row, table.columns, request.query.get('sysparm_fields')) },
    };
  }

  function attach({ query, headers, body }: SandboxRequest): SandboxResponse {
    const [table, record, file] = ['table_name', 'table_sys_id', 'file_name'].map((name) => query.get(name));
    const type = headers['content-type'];
    if (!table || !record || !file) return refused(400, 'Missing required parameter');
    if (type === undefined || TYPE_OF_EXTENSION.get(file.slice(file.lastIndexOf('.'))) !== type) {
      return refused(400, 'Content-Type is not supported', `${type} does not go with the extension of the file`);
    }
    const ticket = made.find(({ id }) => id === record);
    if (table !== 'incident' || ticket === undefined) return notFound();
    if (body.byteLength > 10 * 1024 * 1024) return refused(413, 'Payload too large');
    const files = tables.get('sys_attachment')?.rows ?? [];
    const row = {
      sys_id: sysId('attachment', files.length),
      table_name: table,
      table_sys_id: record,
      file_name: file,
      content_type: type,
      size_bytes: String(body.byteLength),
    };
    files.push(row);
    ticket.attachments.push({ name: file, contentType: type, bytes: Buffer.from(body) });
    return { status: 201, body: { result: row } };
  }

  function token(request: SandboxRequest): SandboxResponse {
    const form = formOf(request);
    const grant = form?.get('grant_type');
    const isClient = form?.get('client_id') === CLIENT.clientId && form.get('client_secret') === CLIENT.clientSecret;
    const isUser = form?.get('username') === SECRET.username && form.get('password') === SECRET.password;
    if (!isClient || !(grant === 'client_credentials' || (grant === 'password' && isUser))) {
      return { status: 401, body: { error: 'server_error', error_description: 'access_denied' } };
    }
    return {
      status: 200,
      body: {
        access_token: tokens.issue('integration', TOKEN_SECONDS),
        scope: 'useraccount',
        token_type: 'Bearer',
        expires_in: TOKEN_SECONDS,
      },
    };
  }

  function handle(request: SandboxRequest): SandboxResponse {
    const { method, path, headers } = request;
    if (method === 'POST' && path === '/oauth_token.do') return token(request);
    const isKnown =
      headers.authorization === `Basic ${Buffer.from(`${SECRET.username}:${SECRET.password}`).toString('base64')}` ||
      headers['x-sn-apikey'] === API_KEY ||
      tokens.subject(headers.authorization) !== undefined;
    if (!isKnown) {
      return {
        ...refused(401, 'User Not Authenticated', 'Required to provide Auth information'),
        headers: { 'www-authenticate': 'BASIC realm="Service-now"', 'x-mfa_token': 'invalid' },
      };
    }
    if (!passes()) return { ...refused(429, 'Rate limit exceeded'), headers: { 'retry-after': '1800' } };
    if (!/application\/json|\*\/\*/u.test(headers.accept ?? '*/*')) return refused(406, 'Not acceptable');
    if (method === 'POST' && path === '/api/now/attachment/file') return wrong.around('attach', () => attach(request));
    // Without a body there is nothing whose type would matter.
    if (method !== 'GET' && !(headers['content-type'] ?? '').startsWith('application/json')) {
      return refused(415, 'Unsupported Media Type');
    }
    if (method === 'GET' && path === '/api/now/attachment') {
      return list(request, tables.get('sys_attachment') ?? { columns: [], rows: [] }, 1000);
    }
    const [, of, record] = /^\/api\/now\/table\/(\w+)(?:\/(\w+))?$/u.exec(path) ?? [];
    const table = of === undefined || of === 'sys_attachment' ? undefined : tableOf(of);
    if (table === undefined) return refused(400, `Invalid table ${of ?? path}`);
    if (record !== undefined) {
      const row = table.rows.find(
        ({ sys_id }) => sys_id === record && table.hidden?.has(record) !== true && wrong.isThere(record),
      );
      if (method !== 'GET' || row === undefined) return notFound();
      return { status: 200, body: { result: pick(row, table.columns, request.query.get('sysparm_fields')) } };
    }
    if (method === 'GET') return list(request, table, 10_000);
    if (method === 'POST' && of === 'incident') return wrong.around('create', () => create(request, table));
    return refused(403, 'Operation Failed', 'Operation against file was aborted by Business Rule');
  }

  return {
    id: 'servicenow',
    answers: (host) => host === HOST,
    secret: SECRET,
    customers: companyIds(msp, (_, { id }) => sysId('company', id)),
    configuration: {},
    ticket: {
      companyId: owner.sys_id,
      board: 'Billing',
      status: 'New',
      type: null,
      priority: null,
      contactEmail: null,
      extra: {},
    },
    handle: wrong.timely(handle),
    tickets: () => made,
    forget: wrong.forget,
    mishap: wrong.add,
    others: {
      clientCredentials: { instanceUrl: SECRET.instanceUrl, authType: 'oauth_client_credentials', ...CLIENT },
      password: { ...SECRET, authType: 'oauth_password', ...CLIENT },
      apiKey: { instanceUrl: SECRET.instanceUrl, authType: 'api_key', apiKey: API_KEY },
    },
    hideColumn: (name, column) => {
      const table = tableOf(name);
      if (table !== undefined) tables.set(name, { ...table, columns: table.columns.filter((each) => each !== column) });
    },
  };
}

const isRow = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pick = (row: Row, columns: readonly string[], fields: string | null): Row => {
  // What lies behind a reference comes only where it is asked for.
  const wanted =
    fields === null || fields === '' ? columns.filter((column) => !column.includes('.')) : fields.split(',');
  return Object.fromEntries(
    wanted.filter((column) => columns.includes(column)).map((column) => [column, row[column] ?? '']),
  );
};

/** An encoded query of `=`, `IN` and ORDERBY, joined by `^`. What it does not understand is left out silently. */
function encodedQuery(text: string, columns: readonly string[]): { matches: (row: Row) => boolean; order: string[] } {
  const terms: ((row: Row) => boolean)[] = [];
  const order: string[] = [];
  for (const part of text.split(/(?<!\^)\^(?!\^)/u).map((each) => each.replaceAll('^^', '^'))) {
    const by = /^ORDERBY(\w+)$/u.exec(part)?.[1];
    if (by !== undefined && columns.includes(by)) order.push(by);
    const [, column = '', operator, value = ''] = /^([a-z_]+)(=|IN)(.*)$/su.exec(part) ?? [];
    if (!columns.includes(column)) continue;
    const wanted = (operator === 'IN' ? value.split(',') : [value]).map((each) => each.toLowerCase());
    terms.push((row) => wanted.includes((row[column] ?? '').toLowerCase()));
  }
  return { matches: (row) => terms.every((term) => term(row)), order };
}
