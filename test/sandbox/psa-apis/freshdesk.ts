import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow, wholeNumber } from '../gate.ts';
import { companyIds, formParts, mishaps, type SandboxPsa, type StoredFile, type StoredTicket } from '../psa.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse } from '../vendor.ts';
import { recordsOf, SCHEMAS } from './freshdesk/custom-objects.ts';

type Row = Record<string, unknown>;

const HOST = 'northwind.freshdesk.com';
const SECRET = { domain: 'northwind', apiKey: 'fd0DemoKey8Northwind' };
/** Growth: so many a minute in all, and so many of the calls that cost most. */
const PER_MINUTE = 200;
const LISTS_PER_MINUTE = 20;
/** What is made is found by search only after so long. */
const INDEX_MILLISECONDS = 300_000;
const MOST_BYTES = 20 * 1024 * 1024;

const OWN_COMPANY = 70_001_000;
/** Beside its id a company has a number that organizations know it by. */
const OWN_COMPANY_NUMBER = 700_000_000_000;
const GROUPS = [
  { id: 7_000_555, name: 'Billing' },
  { id: 7_000_556, name: 'Service Desk' },
];
const STATUSES: Record<string, string[]> = {
  2: ['Open', 'Being Processed'],
  3: ['Pending', 'Awaiting your Reply'],
  4: ['Resolved', 'This ticket has been Resolved'],
  5: ['Closed', 'This ticket has been Closed'],
  8: ['Waiting for Finance', 'Being Processed'],
};
const TYPES = ['Question', 'Service Task', 'Incident'];
const CONTACTS: Row[] = [
  { id: 70_009_911, name: 'Billing', email: 'billing@northwind.example', company_id: OWN_COMPANY },
  { id: 70_009_912, name: 'Someone', email: 'someone@alder.example', company_id: 70_001_001 },
];
const AGENTS: Row[] = [{ id: 70_008_001, contact: { name: 'Agent Smith', email: 'smith@northwind.example' } }];

/** Members of a ticket that may be sent; any other is refused. */
const MEMBERS = new Map<string, 'text' | 'number' | 'list' | 'object'>([
  ...['subject', 'description', 'type', 'email'].map((name) => [name, 'text'] as const),
  ...['requester_id', 'status', 'priority', 'source', 'group_id', 'responder_id', 'product_id', 'company_id'].map(
    (name) => [name, 'number'] as const,
  ),
  ['tags', 'list'],
  ['custom_fields', 'object'],
]);

const SOURCES = [1, 2, 3, 7, 9, 10];

/** Query parameters by path; as everywhere, any other is refused. */
const PAGES = ['page', 'per_page'];
const RECORDS = '/custom_objects/schemas/9012/records';
const PARAMETERS = new Map([
  ['/tickets', [...PAGES, 'requester_id', 'email', 'company_id', 'updated_since', 'order_by', 'order_type', 'include']],
  ['/search/tickets', ['page', 'query']],
  ['/contacts', [...PAGES, 'email']],
  ['/agents', [...PAGES, 'email']],
  ['/groups', PAGES],
  ['/companies', [...PAGES, 'updated_since']],
  ['/conversations', PAGES],
  [RECORDS, ['page_size', 'next_token']],
]);
const ORDERS: Record<string, string[]> = {
  order_by: ['created_at', 'due_by', 'updated_at', 'status'],
  order_type: ['asc', 'desc'],
};

/** What is wrong with the query of a list; undefined if nothing is. */
function strayParameter(list: string, query: URLSearchParams): SandboxResponse | undefined {
  for (const [name, value] of query) {
    if (PARAMETERS.get(list)?.includes(name) !== true)
      return refused(name, 'invalid_field', 'Unexpected/invalid field in request');
    if (ORDERS[name]?.includes(value) === false)
      return refused(name, 'invalid_value', `It should be one of these values: '${ORDERS[name]}'`);
  }
  return undefined;
}

const refused = (field: string, code: string, message: string): SandboxResponse => ({
  status: 400,
  body: { description: 'Validation failed', errors: [{ field, message, code }] },
});
const code = (status: number, code: string, message: string): SandboxResponse => ({ status, body: { code, message } });

/** What an account may do differently from the next one. */
export type FreshdeskHabits = {
  /** Whether the list of tickets tells their tags. */
  listsTags: boolean;
  multipleCompanies: boolean;
  /** Whether this agent may see the ticket fields. */
  seesFields: boolean;
  sizeMember: 'size' | 'file_size';
};

export type SandboxFreshdesk = SandboxPsa & {
  habits: FreshdeskHabits;
  /** Contacts that came into being because nobody knew the address. */
  newContacts(): number;
  /** An agent takes all tags off, or throws the ticket away. */
  untag(): void;
  discard(): void;
};

/** Freshdesk, one account. */
export default function freshdesk(msp: DemoMsp, now: () => number = Date.now): SandboxFreshdesk {
  const wrong = mishaps(now);
  const passes = slidingWindow(now, PER_MINUTE, 60);
  const listPasses = slidingWindow(now, LISTS_PER_MINUTE, 60);
  const habits: FreshdeskHabits = {
    listsTags: true,
    multipleCompanies: false,
    seesFields: true,
    sizeMember: 'size',
  };
  const made: StoredTicket[] = [];
  const notes: { id: number; ticket: number; files: StoredFile[] }[] = [];
  let deleted = false;
  let kept: Row[] | undefined;
  /** Records are made for whoever asks for them first. */
  const records = () => (kept ??= recordsOf(msp, now(), (index) => OWN_COMPANY_NUMBER + 1 + index));
  let newContacts = 0;
  const stamp = (back = 0) => new Date(now() - back).toISOString().replace(/\.\d+/u, '');

  const companies: Row[] = [
    { id: OWN_COMPANY, org_company_id: OWN_COMPANY_NUMBER, name: msp.managing.name, domains: [] },
    ...msp.companies.map(({ id, name }, index) => ({
      id: OWN_COMPANY + 1 + index,
      org_company_id: OWN_COMPANY_NUMBER + 1 + index,
      name,
      domains: [`${id}.example`],
    })),
  ].map((row) => ({
    ...row,
    description: null,
    custom_fields: {},
    created_at: stamp(),
    updated_at: stamp(),
  }));
  /** Left by another month, by hand, and by another requester. */
  const ordinary = { requester_id: 70_009_911, tags: [], description: '<div></div>', description_text: '' };
  const tickets: (Row & { id: number; files: StoredFile[] })[] = [
    { ...ordinary, id: 47_001, subject: 'Billing Reconciliation', updated: now() - 40 * 86_400_000, files: [] },
    { ...ordinary, id: 47_002, subject: 'Billing Reconciliation', updated: now(), files: [] },
    { ...ordinary, id: 47_003, subject: 'Printer on fire', updated: now(), files: [] },
    { ...ordinary, id: 47_004, subject: 'Billing Reconciliation', updated: now(), files: [], requester_id: 70_009_912 },
  ];

  /** Records come one page after the other: the way to the next one is a token that nobody can make. */
  function recordPage({ query }: SandboxRequest): SandboxResponse {
    const size = wholeNumber(query.get('page_size'), 20);
    if (size === undefined || size < 1 || size > 100)
      return refused('page_size', 'invalid_value', 'It should be at most 100');
    const token = query.get('next_token');
    const from = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
    if (!Number.isInteger(from)) return refused('next_token', 'invalid_value', 'The token is not valid');
    const next = new URLSearchParams({
      page_size: String(size),
      next_token: Buffer.from(String(from + size)).toString('base64url'),
    });
    const more = from + size < records().length;
    return {
      status: 200,
      body: {
        records: records().slice(from, from + size),
        _links: more ? { next: { href: `/api/v2${RECORDS}?${next}` } } : {},
      },
    };
  }

  /** Numbered pages of a list; more a page than 100 is an error. */
  function paged({ query, path }: SandboxRequest, rows: readonly unknown[]): SandboxResponse {
    const size = wholeNumber(query.get('per_page'), 30);
    const page = wholeNumber(query.get('page'), 1);
    if (size === undefined || size < 1 || size > 100) {
      return refused('per_page', 'invalid_value', 'It should be a Positive Integer less than or equal to 100');
    }
    if (page === undefined || page < 1) return refused('page', 'invalid_value', 'It should be a Positive Integer');
    const next = new URLSearchParams(query);
    next.set('page', String(page + 1));
    return {
      status: 200,
      headers: page * size < rows.length ? { link: `<https://${HOST}${path}?${next}>;rel="next"` } : {},
      body: rows.slice((page - 1) * size, page * size),
    };
  }

  const fileRow = ({ name, contentType, bytes }: StoredFile, index: number): Row => ({
    id: 7_000_777 + index,
    name,
    content_type: contentType,
    [habits.sizeMember]: bytes.byteLength,
    attachment_url: `https://s3.example/${index}?signature=x`,
  });

  /** The members of a create call, from JSON or from a form, and its files; or the refusal. */
  function bodyOf(request: SandboxRequest): { members: Row; files: StoredFile[] } | SandboxResponse {
    const type = request.headers['content-type'] ?? '';
    if (type.startsWith('application/json')) {
      const members = jsonOf(request);
      if (!isRow(members)) return code(400, 'invalid_json', 'Request body has invalid json format');
      const stranger = Object.entries(members).find(([name, value]) => {
        const kind = MEMBERS.get(name);
        if (kind === 'list') return !Array.isArray(value);
        return kind === undefined || (kind === 'text' ? 'string' : kind) !== typeof value;
      });
      if (stranger === undefined) return { members, files: [] };
      const isKnown = MEMBERS.has(stranger[0]);
      return refused(
        stranger[0],
        isKnown ? 'datatype_mismatch' : 'invalid_field',
        'Unexpected/invalid field in request',
      );
    }
    const parts = formParts(type, request.body);
    if (parts === undefined) return { status: 415 };
    const members: Row = {};
    const files: StoredFile[] = [];
    for (const { name, filename, contentType, bytes } of parts) {
      if (filename !== undefined || contentType !== undefined) {
        if (name !== 'attachments[]')
          return refused(name, 'datatype_mismatch', 'Value set is of type file. It should be an array');
        if (!filename || contentType === undefined || /[;,]/u.test(contentType)) {
          return refused(
            'attachments',
            'datatype_mismatch',
            'It should contain elements of type valid file format only',
          );
        }
        files.push({ name: filename, contentType, bytes });
        continue;
      }
      const text = Buffer.from(bytes).toString('utf8');
      const [, base = '', bracket] = /^(\w+)(?:\[(\w*)\])?$/u.exec(name) ?? [];
      const kind = MEMBERS.get(base);
      if (kind === undefined) return refused(name, 'invalid_field', 'Unexpected/invalid field in request');
      if (kind === 'list') {
        if (bracket !== '')
          return refused(base, 'datatype_mismatch', 'Value set is of type String. It should be an Array');
        const list = members[base];
        members[base] = [...(Array.isArray(list) ? list : []), text];
      } else if (kind === 'object') {
        if (bracket === undefined || bracket === '')
          return { status: 500, body: 'We are sorry, but something went wrong.' };
        const object = members[base];
        members[base] = { ...(isRow(object) ? object : {}), [bracket]: text };
      } else if (bracket !== undefined) {
        return refused(name, 'invalid_field', 'Unexpected/invalid field in request');
      } else members[base] = kind === 'number' ? Number(text) : text;
    }
    return { members, files };
  }

  function create(request: SandboxRequest): SandboxResponse {
    const read = bodyOf(request);
    if ('status' in read) return read;
    const { members, files } = read;
    const { subject, description, status = 2, priority = 1, source = 2, group_id, type, tags = [], email } = members;
    if (typeof subject !== 'string') return refused('subject', 'missing_field', 'It should be a/an String');
    if (typeof description !== 'string') return refused('description', 'missing_field', 'It should be a/an String');
    if (!Object.hasOwn(STATUSES, String(status))) {
      return refused('status', 'invalid_value', `It should be one of these values: '${Object.keys(STATUSES)}'`);
    }
    if (![1, 2, 3, 4].includes(Number(priority))) {
      return refused('priority', 'invalid_value', "It should be one of these values: '1,2,3,4'");
    }
    if (!SOURCES.includes(Number(source))) {
      return refused('source', 'invalid_value', `It should be one of these values: '${SOURCES}'`);
    }
    const group = GROUPS.find(({ id }) => id === group_id);
    if (group_id !== undefined && group === undefined) {
      return refused('group_id', 'invalid_value', 'There is no group matching the given group_id');
    }
    if (type !== undefined && !TYPES.includes(String(type))) {
      return refused('type', 'invalid_value', `It should be one of these values: '${TYPES}'`);
    }
    if (!Array.isArray(tags) || tags.some((tag) => String(tag).length > 32 || String(tag).includes(','))) {
      return refused('tags', 'invalid_value', 'It should not contain comma, and have at most 32 characters');
    }
    if (members.company_id !== undefined && !habits.multipleCompanies) {
      return code(403, 'require_feature', 'The multiple_user_companies feature(s) is/are not supported in your plan.');
    }
    if (email !== undefined && !CONTACTS.some((contact) => contact.email === email)) newContacts += 1;
    const requester = [...CONTACTS, ...AGENTS].find(
      (each) => each.id === members.requester_id || (email !== undefined && each.email === email),
    );
    if (requester === undefined)
      return refused('requester_id', 'invalid_value', 'There is no contact matching the given id');
    const custom = isRow(members.custom_fields) ? members.custom_fields : {};
    const stranger = Object.keys(custom).find((field) => !['cf_run_key', 'cf_cost_centre'].includes(field));
    if (stranger !== undefined) return refused(stranger, 'invalid_field', 'Unexpected/invalid field in request');
    if (files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0) > MOST_BYTES) {
      return refused('attachments', 'invalid_size', 'The total size of the attachments is more than 20 MB');
    }
    const id = 48_211 + made.length;
    const company = members.company_id ?? requester.company_id ?? null;
    tickets.push({
      ...members,
      id,
      subject,
      requester_id: requester.id,
      company_id: company,
      tags,
      description: `<div>${description}</div>`,
      description_text: description.replace(/<[^>]*>/gu, ''),
      updated: now(),
      files: [...files],
    });
    made.push({
      id: String(id),
      title: subject,
      description,
      companyId: String(company),
      board: group?.name ?? '',
      status: STATUSES[String(status)]?.[0] ?? '',
      attachments: [...files],
    });
    return {
      status: 201,
      headers: { location: `https://${HOST}/api/v2/tickets/${id}` },
      body: { id, subject, status, priority, tags, attachments: files.map(fileRow), created_at: stamp() },
    };
  }

  function note(request: SandboxRequest, ticketId: string): SandboxResponse {
    const ticket = tickets.find(({ id }) => String(id) === ticketId);
    const parts = formParts(request.headers['content-type'], request.body);
    if (ticket === undefined || deleted) return { status: 404 };
    if (parts === undefined) return { status: 415 };
    const text = (name: string) => {
      // A part with a type of its own is taken for a file.
      const part = parts.find(
        (each) => each.name === name && each.filename === undefined && each.contentType === undefined,
      );
      return part === undefined ? undefined : Buffer.from(part.bytes).toString();
    };
    if (!text('body')) return refused('body', 'missing_field', 'It should be a/an String');
    if (text('private') !== 'true')
      return refused('private', 'invalid_value', 'the sandbox lets nothing be mailed to people');
    const files: StoredFile[] = [];
    for (const { name, filename, contentType, bytes } of parts) {
      if (['body', 'private'].includes(name)) continue;
      if (name !== 'attachments[]' || !filename || contentType === undefined || /[;,]/u.test(contentType)) {
        return refused('attachments', 'datatype_mismatch', 'It should contain elements of type valid file format only');
      }
      files.push({ name: filename, contentType, bytes });
    }
    const onNotes = notes.filter((note) => note.ticket === ticket.id).flatMap((note) => note.files);
    const held = [...ticket.files, ...onNotes];
    if ([...held, ...files].reduce((sum, { bytes }) => sum + bytes.byteLength, 0) > MOST_BYTES) {
      return refused('attachments', 'invalid_size', 'The total size of the attachments is more than 20 MB');
    }
    const id = 9_000_001 + notes.length;
    notes.push({ id, ticket: ticket.id, files });
    made.find((each) => each.id === ticketId)?.attachments.push(...files);
    return { status: 201, body: { id, private: true, attachments: files.map(fileRow) } };
  }

  function list(request: SandboxRequest): SandboxResponse {
    const { query } = request;
    if (!listPasses())
      return {
        status: 429,
        headers: { 'retry-after': '41' },
        body: { message: 'You have exceeded the limit of requests per minute' },
      };
    const byAddress = CONTACTS.find(({ email }) => email === query.get('email'))?.id;
    const requester = query.get('requester_id') ?? (byAddress === undefined ? null : String(byAddress));
    const since = Date.parse(query.get('updated_since') ?? new Date(now() - 30 * 86_400_000).toISOString());
    if (Number.isNaN(since))
      return refused('updated_since', 'invalid_date', 'It should be in the combined date and time ISO8601 format');
    const matching = tickets
      .filter((row) => (!deleted || row.id < 48_000) && wrong.isThere(row.id))
      .filter((row) => (requester === null || String(row.requester_id) === requester) && Number(row.updated) >= since)
      .map(({ files, description, description_text, updated, tags, ...row }) => ({
        ...row,
        ...(habits.listsTags ? { tags } : {}),
      }));
    return paged(request, matching.reverse());
  }

  /** By tag alone; minutes late. */
  function search({ query }: SandboxRequest): SandboxResponse {
    const tag = /^"tag:'([^']*)'"$/u.exec(query.get('query') ?? '')?.[1];
    if (tag === undefined) return refused('query', 'invalid_value', 'The query is not valid');
    const results = tickets.filter(
      (row) => Array.isArray(row.tags) && row.tags.includes(tag) && Number(row.updated) <= now() - INDEX_MILLISECONDS,
    );
    return { status: 200, body: { total: results.length, results: results.map(({ files, ...row }) => row) } };
  }

  function handle(request: SandboxRequest): SandboxResponse {
    const { method, path, headers, query } = request;
    if (!passes()) return { status: 429, headers: { 'retry-after': '41' } };
    // The key is the user name; any text does as the password.
    const [scheme, credentials = ''] = (headers.authorization ?? '').split(' ');
    if (scheme !== 'Basic' || Buffer.from(credentials, 'base64').toString().split(':')[0] !== SECRET.apiKey) {
      return code(401, 'invalid_credentials', 'You have to be logged in to perform this action.');
    }
    if (!/application\/json|\*\/\*/u.test(headers.accept ?? '*/*')) return { status: 406 };
    const route = path.startsWith('/api/v2/') ? `${method} ${path.slice('/api/v2'.length)}` : '';
    const asked = route.endsWith('/conversations') ? '/conversations' : route.slice(`${method} `.length);
    const stray = method === 'GET' ? strayParameter(asked, query) : undefined;
    if (stray !== undefined) return stray;
    const [, verb, id, rest = ''] = /^(GET|POST) \/tickets\/(\d+)(\/\w+)?$/u.exec(route) ?? [];
    if (id !== undefined) {
      const ticket = tickets.find((row) => String(row.id) === id && wrong.isThere(id));
      if (verb === 'POST' && rest === '/notes') return wrong.around('attach', () => note(request, id));
      if (verb !== 'GET' || ticket === undefined) return { status: 404 };
      if (deleted && ticket.id > 48_000) return { status: 405 };
      if (rest === '/conversations') {
        const held = notes.filter((each) => String(each.ticket) === id);
        return paged(
          request,
          held.map((each) => ({ id: each.id, attachments: each.files.map(fileRow) })),
        );
      }
      if (rest !== '') return { status: 404 };
      const { files, updated, ...row } = ticket;
      return { status: 200, body: { ...row, attachments: files.map(fileRow) } };
    }
    const contact = /^GET \/contacts\/(\d+)$/u.exec(route)?.[1];
    if (contact !== undefined) {
      const contactRow = CONTACTS.find((each) => String(each.id) === contact);
      return contactRow === undefined ? { status: 404 } : { status: 200, body: contactRow };
    }
    switch (route) {
      case 'POST /tickets':
        return wrong.around('create', () => create(request));
      case 'GET /tickets':
        return list(request);
      case 'GET /search/tickets':
        return search(request);
      case 'GET /contacts':
        return paged(
          request,
          CONTACTS.filter(({ email }) => query.get('email') === null || email === query.get('email')),
        );
      case 'GET /agents':
        return paged(
          request,
          AGENTS.filter(({ contact }) => isRow(contact) && contact.email === query.get('email')),
        );
      case 'GET /groups':
        return paged(request, GROUPS);
      case 'GET /companies':
        return paged(request, companies);
      case 'GET /custom_objects/schemas':
        return { status: 200, body: { schemas: SCHEMAS } };
      case `GET ${RECORDS}/count`:
        return { status: 200, body: { count: records().length } };
      case `GET ${RECORDS}`:
        return recordPage(request);
      case 'GET /ticket_fields':
        if (!habits.seesFields) return code(403, 'access_denied', 'You are not authorized to perform this action.');
        return {
          status: 200,
          body: [
            { id: 1, name: 'subject', type: 'default_subject' },
            { id: 2, name: 'ticket_type', type: 'default_ticket_type', choices: TYPES },
            { id: 3, name: 'status', type: 'default_status', choices: STATUSES },
            { id: 4, name: 'priority', type: 'default_priority', choices: { Low: 1, Medium: 2, High: 3, Urgent: 4 } },
          ],
        };
      default:
        return { status: 404 };
    }
  }

  return {
    id: 'freshdesk',
    answers: (host) => host.endsWith('.freshdesk.com'),
    secret: SECRET,
    customers: companyIds(msp, (index) => String(OWN_COMPANY + 1 + index)),
    configuration: { requesterEmail: 'billing@northwind.example' },
    ticket: {
      companyId: String(OWN_COMPANY),
      board: 'Billing',
      status: 'Open',
      type: null,
      priority: null,
      contactEmail: null,
      extra: {},
    },
    handle: wrong.timely((request: SandboxRequest) =>
      request.host === HOST ? handle(request) : { status: 404, body: '<html>There is no helpdesk here</html>' },
    ),
    tickets: () => made,
    forget: wrong.forget,
    mishap: wrong.add,
    habits,
    newContacts: () => newContacts,
    untag: () => {
      for (const ticket of tickets) ticket.tags = [];
    },
    discard: () => {
      deleted = true;
    },
  };
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
