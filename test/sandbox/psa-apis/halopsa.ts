import type { DemoMsp } from '../demo-msp.ts';
import { companyIds, isBase64, mishaps, type SandboxPsa, type StoredTicket } from '../psa.ts';
import { formOf, jsonOf, type SandboxRequest, type SandboxResponse } from '../vendor.ts';
import { recurringInvoicesOf } from './halopsa/finance.ts';

type Row = Record<string, unknown>;

/** The second address does not name the tenant: there the token request must. */
const OWN_HOST = 'northwind.halopsa.com';
const SHARED_HOST = 'uk.haloservicesolutions.example';
const SECRET = {
  baseUrl: `https://${OWN_HOST}`,
  clientId: '3a6f1f40-demo-halo-client',
  clientSecret: 'halo-demo-secret-9f27c1d4-5b6e',
};
const TOKEN_SECONDS = 3600;
const WINDOW = { requests: 300, milliseconds: 300_000 };

const TYPES = [
  { id: 29, name: 'Billing Request' },
  { id: 1, name: 'Incident' },
];
/** Made by other means alone; listed unless only those are asked for that may be created. */
const CLOSED_TYPE = { id: 77, name: 'Imported Project' };
const SCOPES = [
  'all',
  'read:tickets',
  'edit:tickets',
  'read:customers',
  'read:contracts',
  'read:invoices',
  'read:items',
];
const DEFAULT_TEAM = '1st Line Support';
const STATUSES = [
  { id: 1, name: 'New' },
  { id: 9, name: 'Closed' },
];
const TEAMS = [
  { id: 3, name: 'Finance' },
  { id: 4, name: '1st Line Support' },
];
/** Each SLA has priorities of its own: those of one name have different numbers. */
const PRIORITIES = [1, 2].flatMap((slaid) =>
  ['Critical', 'High', 'Medium', 'Low'].map((name, index) => ({
    id: `sla-${slaid}-${index}`,
    slaid,
    priorityid: (slaid - 1) * 10 + index + 1,
    name,
  })),
);
const SLA_OF_TYPES = new Map([
  [29, 1],
  [1, 2],
  [77, 1],
]);
const OWN_CLIENT = 2;
const USERS = [
  { id: 499, name: 'No Billing', emailaddress: 'no-billing@northwind.example', site_id: 17, client_id: OWN_CLIENT },
  { id: 500, name: 'Billing Desk', emailaddress: 'billing@northwind.example', site_id: 16, client_id: 12 },
  { id: 501, name: 'Billing Desk', emailaddress: 'Billing@northwind.example', site_id: 18, client_id: OWN_CLIENT },
];

const refused = (status: number, text: string): SandboxResponse => ({
  status,
  body: { ClassName: 'HaloException', Message: text },
});

/** What an instance may do differently from the next one. */
export type HaloHabits = {
  /** The member by which an attachment finds its ticket. */
  attachesBy: 'ticket_id' | 'faultid';
  /** Whether a create call is answered with an array of one. */
  answersArrays: boolean;
  /** Whether uploads are stored as the Base64 text that they came in. */
  storesBase64: boolean;
  /** Whether the list of recurring invoices brings their lines, where it is asked to. */
  listsLines: boolean;
};

export type SandboxHalo = SandboxPsa & {
  habits: HaloHabits;
  /** The same instance under the address that does not name the tenant. */
  shared: { baseUrl: string; tenant: string };
};

/** HaloPSA, hosted. */
export default function haloPsa(msp: DemoMsp, now: () => number = Date.now): SandboxHalo {
  const wrong = mishaps(now);
  const habits: HaloHabits = { attachesBy: 'faultid', answersArrays: false, storesBase64: false, listsLines: true };
  const tokens = new Map<string, number>();
  const asked: number[] = [];
  const made: StoredTicket[] = [];
  const files: { id: number; ticket: string; filename: string; filesize: number }[] = [];
  let templates: Row[] | undefined;
  /** Made for whoever asks for them first. */
  const recurring = () => (templates ??= recurringInvoicesOf(msp, now()));
  const stamp = () => new Date(now()).toISOString().slice(0, 19);

  const clients: Row[] = [
    { id: OWN_CLIENT, name: msp.managing.name, toplevel_id: 1, inactive: false },
    { id: 1, name: 'Unknown', toplevel_id: 1, inactive: false },
    ...msp.companies.map(({ name }, index) => ({ id: 12 + index, name, toplevel_id: 1, inactive: false })),
    { id: 90_001, name: 'Asleep Ltd', toplevel_id: 1, inactive: true },
  ];
  /** What other people and earlier months left behind; none of it is this run's. */
  const tickets: Row[] = [
    {
      id: 40_001,
      summary: 'Billing Reconciliation',
      client_id: OWN_CLIENT,
      dateoccurred: '2020-01-31T06:30:00',
      details: 'Run key: billing-count:2020-01',
    },
    {
      id: 40_002,
      summary: 'Re: Billing Reconciliation of last month',
      client_id: OWN_CLIENT,
      dateoccurred: stamp(),
      details: '',
    },
    {
      id: 40_003,
      summary: 'Billing Reconciliation',
      client_id: OWN_CLIENT,
      dateoccurred: stamp(),
      details: 'typed by hand, no run',
    },
    { id: 40_004, summary: 'Billing Reconciliation', client_id: 12, dateoccurred: stamp(), details: null },
  ];

  function token(request: SandboxRequest): SandboxResponse {
    const form = formOf(request);
    const fails = (error: string, words: string): SandboxResponse => ({
      status: 400,
      body: { error, error_description: words },
    });
    if (form === undefined) return fails('invalid_request', 'the request is no form post');
    if (request.host === SHARED_HOST && request.query.get('tenant') !== 'northwind')
      return fails('invalid_client', 'the tenant could not be determined');
    if (form.get('grant_type') !== 'client_credentials')
      return fails('unsupported_grant_type', 'the grant type is not supported');
    if (form.get('client_id') !== SECRET.clientId || form.get('client_secret') !== SECRET.clientSecret)
      return fails('invalid_client', 'the client credentials are invalid');
    const scopes = (form.get('scope') ?? '').split(' ');
    if (!scopes.every((scope) => SCOPES.includes(scope))) return fails('invalid_scope', 'the scope is not known');
    const value = msp.guid('halo-token', tokens.size);
    tokens.set(value, now() + TOKEN_SECONDS * 1000);
    return {
      status: 200,
      body: { access_token: value, token_type: 'Bearer', expires_in: TOKEN_SECONDS, scope: form.get('scope') },
    };
  }

  function list(query: URLSearchParams, key: string, rows: readonly Row[], largest: number): SandboxResponse {
    // .NET reads a flag in any case; clients in Python write "True".
    if (query.get('pageinate')?.toLowerCase() !== 'true')
      return {
        status: 200,
        body: { record_count: rows.length, [key]: rows.slice(0, Number(query.get('count') ?? 50)) },
      };
    const size = Math.min(largest, Math.max(1, Number(query.get('page_size') ?? 50)));
    const page = Math.max(1, Number(query.get('page_no') ?? 1));
    return {
      status: 200,
      body: {
        page_no: page,
        page_size: size,
        record_count: rows.length,
        [key]: rows.slice((page - 1) * size, page * size),
      },
    };
  }

  function create(request: SandboxRequest): SandboxResponse {
    const body = jsonOf(request);
    if (!Array.isArray(body))
      return refused(400, 'Cannot deserialize the current JSON object into type Faults[]: an array is required.');
    const [fault]: Row[] = body;
    if (fault === undefined || typeof fault.summary !== 'string' || fault.summary === '')
      return refused(400, 'Please enter a summary.');
    if (!TYPES.some(({ id }) => id === fault.tickettype_id))
      return refused(400, 'Please select a Ticket Type (tickettype_id).');
    if (!clients.some(({ id }) => id === fault.client_id)) return refused(400, 'Please select a Client (client_id).');
    const status = fault.status_id === undefined ? STATUSES[0] : STATUSES.find(({ id }) => id === fault.status_id);
    if (status === undefined) return refused(400, 'status_id is not valid for this ticket type.');
    const sla = SLA_OF_TYPES.get(Number(fault.tickettype_id));
    const isOfSla = PRIORITIES.some(({ slaid, priorityid }) => slaid === sla && priorityid === fault.priority_id);
    if (fault.priority_id !== undefined && !isOfSla)
      return refused(500, 'Object reference not set to an instance of an object.');
    if (fault._novalidate !== true) return refused(400, 'Cost Centre is mandatory for this ticket type.');
    // The type's template overwrites the call's fields, unless that is switched off.
    const team = fault.team === undefined || fault.donotapplytemplateintheapi !== true ? DEFAULT_TEAM : fault.team;
    if (!TEAMS.some(({ name }) => name === team)) return refused(400, 'team is not valid.');
    if (
      fault.user_id !== undefined &&
      !USERS.some(({ id, site_id }) => id === fault.user_id && site_id === fault.site_id)
    )
      return refused(400, 'site_id is required with user_id.');
    const id = 50_312 + made.length;
    const description = String(fault.details_html ?? fault.details ?? '');
    tickets.push({
      id,
      summary: fault.summary,
      client_id: fault.client_id,
      dateoccurred: stamp(),
      details: description.replace(/<[^>]*>/gu, ''),
      details_html: fault.details_html ?? null,
    });
    made.push({
      id: String(id),
      title: fault.summary,
      description,
      companyId: String(fault.client_id),
      board: String(team),
      status: status.name,
      attachments: [],
    });
    const answer = {
      id,
      summary: fault.summary,
      client_id: fault.client_id,
      tickettype_id: fault.tickettype_id,
      status_id: status.id,
    };
    return { status: 201, body: habits.answersArrays ? [answer] : answer };
  }

  function attach(request: SandboxRequest): SandboxResponse {
    const body = jsonOf(request);
    if (!Array.isArray(body))
      return refused(400, 'Cannot deserialize the current JSON object into type Attachment[]: an array is required.');
    const [file]: Row[] = body;
    const ticket = made.find(({ id }) => id === String(file?.[habits.attachesBy]));
    if (file === undefined || ticket === undefined) return refused(400, 'The attachment belongs to no ticket.');
    if (typeof file.filename !== 'string' || typeof file.data_base64 !== 'string')
      return refused(400, 'filename and data_base64 are required.');
    if (file.showforusers !== false) return refused(400, 'the sandbox shows nothing to end users');
    if (!isBase64(file.data_base64)) return refused(500, 'The input is not a valid Base-64 string.');
    const bytes = habits.storesBase64 ? Buffer.from(file.data_base64) : Buffer.from(file.data_base64, 'base64');
    const id = 88_123 + files.length;
    files.push({ id, ticket: ticket.id, filename: file.filename, filesize: bytes.byteLength });
    ticket.attachments.push({ name: file.filename, contentType: '', bytes });
    return { status: 201, body: { id, filename: file.filename, filesize: bytes.byteLength, datecreated: stamp() } };
  }

  function limited(): boolean {
    while (asked[0] !== undefined && asked[0] <= now() - WINDOW.milliseconds) asked.shift();
    if (asked.length >= WINDOW.requests) return true;
    asked.push(now());
    return false;
  }

  function handle(request: SandboxRequest): SandboxResponse {
    const { method, path, query, headers } = request;
    if (limited()) return { status: 429, body: 'Too Many Requests' };
    if (method === 'POST' && path === '/auth/token') return token(request);
    const expires = tokens.get(/^Bearer (.+)$/u.exec(headers.authorization ?? '')?.[1] ?? '');
    if (expires === undefined || expires <= now()) return { status: 401, body: 'Unauthorized' };

    const detail = /^\/api\/Tickets\/(\d+)$/u.exec(path)?.[1];
    if (method === 'GET' && detail !== undefined) {
      const ticket = tickets.find(({ id }) => String(id) === detail && wrong.isThere(id));
      if (ticket === undefined) return refused(404, 'No ticket was found.');
      const { details, details_html, ...rest } = ticket;
      return { status: 200, body: query.get('includedetails') === 'true' ? { ...rest, details, details_html } : rest };
    }
    const typeId = /^\/api\/TicketType\/(\d+)$/u.exec(path)?.[1];
    if (method === 'GET' && typeId !== undefined) {
      const type = [CLOSED_TYPE, ...TYPES].find(({ id }) => String(id) === typeId);
      if (type === undefined) return refused(404, 'No ticket type was found.');
      return { status: 200, body: { ...type, default_sla: SLA_OF_TYPES.get(type.id) } };
    }
    const template = /^\/api\/RecurringInvoice\/(\d+)$/u.exec(path)?.[1];
    if (method === 'GET' && template !== undefined) {
      const invoice = recurring().find(({ id }) => String(id) === template);
      return invoice === undefined ? refused(404, 'No invoice was found.') : { status: 200, body: invoice };
    }
    switch (`${method} ${path}`) {
      case 'GET /api/RecurringInvoice': {
        const withLines = habits.listsLines && query.get('includelines') === 'true';
        const headers = recurring().map(({ lines, ...header }) => (withLines ? { ...header, lines } : header));
        return list(query, 'invoices', headers, 100);
      }
      // Inactive clients come along whatever was asked, as on some instances.
      case 'GET /api/Client':
        return list(query, 'clients', clients, 1000);
      case 'GET /api/Tickets': {
        const words = (query.get('search_summary') ?? '').toLowerCase();
        const client = query.get('client_id');
        const matching = tickets.filter(
          (row) =>
            wrong.isThere(row.id) &&
            String(row.summary).toLowerCase().includes(words) &&
            (client === null || String(row.client_id) === client),
        );
        return list(query, 'tickets', matching.map(({ details, details_html, ...row }) => row).reverse(), 100);
      }
      case 'POST /api/Tickets':
        return wrong.around('create', () => create(request));
      case 'GET /api/Attachment': {
        const held = files.filter(({ ticket }) => ticket === query.get('ticket_id')).map(({ ticket, ...row }) => row);
        return { status: 200, body: { record_count: held.length, attachments: held } };
      }
      case 'POST /api/Attachment':
        return wrong.around('attach', () => attach(request));
      case 'GET /api/TicketType':
        return { status: 200, body: query.get('can_create_only') === 'true' ? TYPES : [CLOSED_TYPE, ...TYPES] };
      case 'GET /api/Status':
        return { status: 200, body: STATUSES };
      case 'GET /api/Team':
        return { status: 200, body: TEAMS };
      case 'GET /api/Priority': {
        const sla = query.get('slaid');
        return { status: 200, body: PRIORITIES.filter(({ slaid }) => sla === null || String(slaid) === sla) };
      }
      case 'GET /api/Users': {
        const words = (query.get('search') ?? '').toLowerCase();
        const users = USERS.filter(
          ({ client_id, emailaddress }) =>
            String(client_id) === query.get('client_id') && emailaddress.toLowerCase().includes(words),
        );
        return { status: 200, body: { record_count: users.length, users } };
      }
      default:
        return refused(404, 'Not Found');
    }
  }

  return {
    id: 'halopsa',
    answers: (host) => host === OWN_HOST || host === SHARED_HOST,
    secret: SECRET,
    customers: companyIds(msp, (index) => String(12 + index)),
    configuration: {},
    ticket: {
      companyId: String(OWN_CLIENT),
      board: 'Finance',
      status: 'New',
      type: 'Billing Request',
      priority: 'Medium',
      contactEmail: null,
      extra: {},
    },
    handle: wrong.timely(handle),
    tickets: () => made,
    forget: wrong.forget,
    mishap: wrong.add,
    habits,
    shared: { baseUrl: `https://${SHARED_HOST}`, tenant: 'northwind' },
  };
}
