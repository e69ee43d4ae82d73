import type { DemoMsp } from '../demo-msp.ts';
import { tokenDesk, wholeNumber } from '../gate.ts';
import { companyIds, formParts, mishaps, type SandboxPsa, type StoredFile, type StoredTicket } from '../psa.ts';
import { formOf, jsonOf, type SandboxRequest, type SandboxResponse } from '../vendor.ts';
import { financeOf } from './kaseya-bms/finance.ts';

type Row = Record<string, unknown>;

const HOST = 'api.bms.kaseya.com';
const SECRET = {
  userName: 'billing-bot',
  password: 'bms-demo-Pass-71c04e',
  tenant: 'Northwind MSP Inc',
  apiBaseUrl: `https://${HOST}`,
  webBaseUrl: 'https://bms.kaseya.com',
  ticketModuleId: 3,
};
const TOKEN_SECONDS = 1800;
const SOURCE = 7;
const OWN_ACCOUNT = 4410;
const FIRST_ACCOUNT = 5000;
const REQUIRED = ['Title', 'Details', 'AccountId', 'LocationId', 'StatusId', 'PriorityId', 'TypeId', 'SourceId'];

const QUEUES = [
  { Id: 9, Name: 'Billing', IsActive: true },
  { Id: 4, Name: 'Level One', IsActive: true },
  { Id: 2, Name: 'Closed Desk', IsActive: false },
];
const STATUSES = [
  { Id: 1, Name: 'New', StatusOrder: 1, IsActive: true },
  { Id: 8, Name: 'Completed', StatusOrder: 9, IsActive: true },
];
const PRIORITIES = [
  { Id: 2, Name: 'High', IsDefault: false },
  { Id: 3, Name: 'Medium', IsDefault: true },
];
const LOCATIONS = [
  { Id: 5126, Name: 'Warehouse', AccountId: OWN_ACCOUNT, IsMain: false },
  { Id: 5127, Name: 'Main', AccountId: OWN_ACCOUNT, IsMain: true },
  { Id: 6001, Name: 'Main', AccountId: 5000, IsMain: true },
];
const CONTACTS = [
  { Id: 800, Name: 'Front Desk', LocationId: 5127, EmailAddress: 'reception@northwind.example' },
  { Id: 801, Name: 'Billing Desk', LocationId: 5127, EmailAddress: 'Billing@Northwind.example' },
];
const TYPES = [5, 6];

/** What a tenant may do differently from the next one. */
export type BmsHabits = {
  /** Whether answers are written as in the document instead of as they are met in the wild. */
  pascal: boolean;
  /** Whether files that should come with a ticket get lost. */
  losesTempFiles: boolean;
  /** Whether the list of tickets leaves their text out. */
  hidesDetails: boolean;
  /** Calls that this tenant does not have: 404. */
  lacks: readonly string[];
  /** Whether lists come whole and without a total, whatever page was asked for. */
  ignoresPages: boolean;
};

export type SandboxBms = Omit<SandboxPsa, 'handle'> & {
  handle: (request: SandboxRequest) => SandboxResponse;
  habits: BmsHabits;
  /** Files that went to an object of another module. */
  strays(): readonly StoredFile[];
};

/** Kaseya BMS, the US cloud. */
export default function kaseyaBms(msp: DemoMsp, now: () => number = Date.now): SandboxBms {
  const wrong = mishaps(now);
  const habits: BmsHabits = {
    pascal: false,
    losesTempFiles: false,
    hidesDetails: false,
    lacks: [],
    ignoresPages: false,
  };
  const tokens = tokenDesk(now);
  const made: (StoredTicket & { row: Row })[] = [];
  const deposits = new Map<string, StoredFile>();
  const strays: StoredFile[] = [];
  const stamp = () => new Date(now()).toISOString();

  const accounts: Row[] = [
    account(OWN_ACCOUNT, msp.managing.name, true),
    ...msp.companies.map(({ name }, index) => account(FIRST_ACCOUNT + index, name, true)),
    account(90_001, 'Asleep Ltd', false),
  ];
  let books: ReturnType<typeof financeOf> | undefined;
  /** Made for whoever asks for them first. */
  const finance = () => (books ??= financeOf(msp, now(), FIRST_ACCOUNT));
  /** What other people and earlier months left behind; none of it is this run's. */
  const others: Row[] = [
    {
      Id: 900_001,
      Title: 'Billing Reconciliation',
      AccountId: OWN_ACCOUNT,
      CreatedOn: stamp(),
      Details: 'typed by hand',
    },
    {
      Id: 900_002,
      Title: 'Re: Billing Reconciliation',
      AccountId: OWN_ACCOUNT,
      CreatedOn: stamp(),
      Details: 'Run key: billing-count:20261122T063000Z, said somebody',
    },
    {
      Id: 900_003,
      Title: 'Billing Reconciliation',
      AccountId: OWN_ACCOUNT,
      CreatedOn: '2020-01-31T06:30:00Z',
      Details: 'Run key: billing-count:20200131T063000Z',
    },
  ];

  const answer = (body: Row, status = 200): SandboxResponse => ({
    status,
    body: habits.pascal ? body : (camel(body) as Row),
  });
  const fine = (result: unknown, more: Row = {}) => answer({ Success: true, Error: null, Result: result, ...more });
  const fails = (code: number, message: string, more: Row = {}, status = 200) =>
    answer(
      { Success: false, Error: { Code: code, Message: message, StackStrace: null, ...more }, Result: null },
      status,
    );

  function login(request: SandboxRequest): SandboxResponse {
    const form = formOf(request) ?? asForm(request);
    if (form === undefined) return fails(1, 'Unsupported media type', {}, 415);
    const field = (name: string) => [...form].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    if (field('GrantType') !== 'password') return fails(2, 'GrantType is required');
    const isUser = (['userName', 'password', 'tenant'] as const).every((name) => field(name) === SECRET[name]);
    if (!isUser) return fails(978_002, 'Invalid user name, password or company');
    const accessToken = tokens.issue('bot', TOKEN_SECONDS);
    const ends = new Date(now() + TOKEN_SECONDS * 1000).toISOString();
    return fine({
      AccessToken: accessToken,
      RefreshToken: 'r1',
      AccessTokenExpireOn: ends.replace('Z', ''),
      RefreshTokenExpireOn: ends,
    });
  }

  function page(query: URLSearchParams, rows: readonly Row[], total: boolean): SandboxResponse {
    if (habits.ignoresPages) return fine(rows);
    const size = wholeNumber(query.get('PageSize'), 100);
    const number = wholeNumber(query.get('PageNumber'), 1);
    if (size === undefined || number === undefined) return fails(3, 'An integer is expected', {}, 400);
    const from = (Math.max(1, number) - 1) * size;
    return fine(rows.slice(from, from + size), total ? { TotalRecords: rows.length } : {});
  }

  /** A search whose pages and filter come in the body; of the filter only the given members are known. */
  function searched(request: SandboxRequest, known: string[], total: boolean, rows: (filter: Row) => Row[]) {
    const body = jsonOf(request);
    if (!isRow(body) || !isRow(body.Filter)) return fails(4, 'A JSON object with a filter is expected', {}, 415);
    const { Filter: filter, PageSize, PageNumber } = body;
    if (!Number.isInteger(PageSize) || !Number.isInteger(PageNumber))
      return fails(3, 'An integer is expected', {}, 400);
    if (Object.keys(filter).some((key) => !known.includes(key))) return fails(3, 'An unknown filter', {}, 400);
    const paging = new URLSearchParams({ PageSize: String(PageSize), PageNumber: String(PageNumber) });
    return page(paging, rows(filter), total);
  }

  const isWithin = (day: unknown, from: unknown, to: unknown): boolean =>
    String(day).slice(0, 10) >= String(from ?? '').slice(0, 10) &&
    (to === undefined || String(day).slice(0, 10) <= String(to).slice(0, 10));

  function invoicesBetween({ InvoiceDateFrom, InvoiceDateTo }: Row): Row[] {
    const { invoices, lines } = finance();
    const dated = invoices.filter(({ InvoiceDate }) => isWithin(InvoiceDate, InvoiceDateFrom, InvoiceDateTo));
    const ids = new Set(dated.map(({ Id }) => Id));
    return lines.filter(({ InvoiceId }) => ids.has(InvoiceId));
  }

  function search(query: URLSearchParams): SandboxResponse {
    if (!['0', '1', null].includes(query.get('Filter.ExcludeCompleted')))
      return fails(3, 'ExcludeCompleted is an integer');
    const title = (query.get('Filter.Title') ?? '').toLowerCase();
    const ids = query.get('Filter.AccountIds')?.split(',');
    const since = Date.parse(query.get('Filter.CreatedOnFrom') ?? '1970-01-01T00:00:00Z');
    const rows = [...others, ...made.map(({ row }) => row)]
      .filter(({ Id }) => wrong.isThere(Id))
      .filter(
        (row) =>
          String(row.Title).toLowerCase().includes(title) &&
          (ids === undefined || ids.includes(String(row.AccountId))) &&
          Date.parse(String(row.CreatedOn)) >= since,
      );
    return page(query, habits.hidesDetails ? rows.map(({ Details, ...row }) => row) : rows, true);
  }

  /** The same by POST: paging in the body, the filter a field of it. */
  function searchByBody(request: SandboxRequest): SandboxResponse {
    const body = jsonOf(request);
    if (!isRow(body) || !isRow(body.Filter)) return fails(4, 'A JSON object with a filter is expected', {}, 415);
    const { Filter, ...paging } = body;
    const query = new URLSearchParams(
      Object.entries(paging).map(([key, value]): [string, string] => [key, String(value)]),
    );
    for (const [key, value] of Object.entries(Filter)) query.set(`Filter.${key}`, String(value));
    for (const text of ['AccountIds', 'Title', 'CreatedOnFrom']) {
      if (Filter[text] !== undefined && typeof Filter[text] !== 'string')
        return fails(3, `${text} is a string`, {}, 400);
    }
    for (const number of [Filter.ExcludeCompleted, paging.PageSize, paging.PageNumber]) {
      if (number !== undefined && !Number.isInteger(number)) return fails(3, 'An integer is expected', {}, 400);
    }
    return search(query);
  }

  function create(request: SandboxRequest): SandboxResponse {
    const body = jsonOf(request);
    if (!isRow(body)) return fails(4, 'A JSON object is expected', {}, 415);
    const missing = [...REQUIRED, 'OpenDate'].filter((member) => body[member] === undefined || body[member] === '');
    if (missing.length > 0)
      return fails(5, 'Validation failed', { SubErrors: missing.map((member) => `${member} is required`) });
    if (typeof body.Title !== 'string' || typeof body.Details !== 'string')
      return fails(4, 'Title and Details are strings', {}, 400);
    if (typeof body.OpenDate !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+Z?$/u.test(body.OpenDate))
      return fails(4, 'OpenDate is a date and time', {}, 400);
    const temporary = body.TempAttachments ?? [];
    if (!Array.isArray(temporary)) return fails(4, 'TempAttachments is a list', {}, 400);
    if (!accounts.some(({ Id, IsActive }) => Id === body.AccountId && IsActive === true))
      return fails(6, 'Account is not valid');
    if (!LOCATIONS.some(({ Id, AccountId }) => Id === body.LocationId && AccountId === body.AccountId))
      return fails(7, 'Location does not belong to the account');
    const status = STATUSES.find(({ Id }) => Id === body.StatusId);
    const queue = QUEUES.find(({ Id, IsActive }) => Id === body.QueueId && IsActive);
    if (status === undefined) return fails(8, 'Status is not valid');
    if (!PRIORITIES.some(({ Id }) => Id === body.PriorityId)) return fails(9, 'Priority is not valid');
    if (!TYPES.some((id) => id === body.TypeId)) return fails(10, 'Ticket type is not valid');
    if (body.SourceId !== SOURCE) return fails(11, 'Source is not valid');
    if (queue === undefined && body.AssigneeId === undefined) return fails(12, 'Queue or assignee is required');
    if (body.ContactId !== undefined && !CONTACTS.some(({ Id }) => Id === body.ContactId))
      return fails(13, 'Contact is not valid');
    const files: StoredFile[] = [];
    for (const entry of temporary) {
      const file = isRow(entry) && typeof entry.Alias === 'string' ? deposits.get(entry.Alias) : undefined;
      if (file === undefined || entry.Name !== file.name) return fails(14, 'Temporary file was not found');
      if (!habits.losesTempFiles) files.push(file);
    }
    const Id = 913_377 + made.length;
    const row = {
      Id,
      TicketNumber: `T-${10_422 + made.length}`,
      Title: body.Title,
      Details: body.Details,
      AccountId: body.AccountId,
      StatusId: status.Id,
      StatusName: status.Name,
      QueueName: queue?.Name ?? null,
      CreatedOn: stamp(),
    };
    made.push({
      id: String(Id),
      title: String(body.Title),
      description: String(body.Details),
      companyId: String(body.AccountId),
      board: queue?.Name ?? '',
      status: status.Name,
      attachments: files,
      row,
    });
    return fine(row);
  }

  function deposit(request: SandboxRequest): SandboxResponse {
    const file = fileOf(request, 'File');
    if (file === undefined) return fails(15, 'File is required');
    const alias = `tmp-${deposits.size + 1}.csv`;
    deposits.set(alias, file);
    return fine({ Name: file.name, Alias: alias, FileType: 'csv', IsUploadedToBlob: true });
  }

  function attach(request: SandboxRequest, module: string, object: string): SandboxResponse {
    const file = fileOf(request, 'formFile');
    if (file === undefined) return fails(16, 'formFile is required');
    const ticket = module === String(SECRET.ticketModuleId) ? made.find(({ id }) => id === object) : undefined;
    // Another module's object of that number takes the file silently.
    (ticket?.attachments ?? strays).push(file);
    return fine([attachment(file, 0, module, object)]);
  }

  function handle(request: SandboxRequest): SandboxResponse {
    const { method, path, headers, query } = request;
    if (method === 'POST' && path === '/v2/security/authenticate') return login(request);
    if (tokens.subject(headers.authorization) === undefined) return fails(978_001, 'Security Error', {}, 401);

    if (habits.lacks.some((call) => `${method} ${path}`.startsWith(call))) return { status: 404 };

    const [, module = '', object] = /^\/v2\/system\/attachments\/(\d+)(?:\/(\d+))?$/u.exec(path) ?? [];
    if (module !== '' && object === undefined && method === 'POST')
      return wrong.around('attach', () => deposit(request));
    if (object !== undefined && method === 'POST') return wrong.around('attach', () => attach(request, module, object));
    if (object !== undefined && method === 'GET') {
      const ticket = module === String(SECRET.ticketModuleId) ? made.find(({ id }) => id === object) : undefined;
      const rows = (ticket?.attachments ?? []).map((file, index) => attachment(file, index, module, object));
      return rows.length === 0 && !habits.ignoresPages ? fine(null, { TotalRecords: 0 }) : page(query, rows, true);
    }
    const [, owner, list] = /^\/v2\/crm\/accounts\/(\d+)\/(locations|contacts)\/lookup$/u.exec(path) ?? [];
    if (list !== undefined && method !== 'GET') return { status: 405 };
    if (list === 'locations') return fine(LOCATIONS.filter(({ AccountId }) => String(AccountId) === owner));
    if (list === 'contacts') return page(query, owner === String(OWN_ACCOUNT) ? CONTACTS : [], false);
    const ticketId = /^\/v2\/servicedesk\/tickets\/(\d+)$/u.exec(path)?.[1];
    if (method === 'GET' && ticketId !== undefined) {
      const row = [...others, ...made.map((ticket) => ticket.row)].find(
        ({ Id }) => String(Id) === ticketId && wrong.isThere(Id),
      );
      return row === undefined ? fails(404, 'Ticket was not found', {}, 404) : fine(row);
    }
    const service = /^POST \/v2\/admin\/finance\/services\/(\d+)\/relatedservices\/search$/u.exec(
      `${method} ${path}`,
    )?.[1];
    if (service !== undefined) {
      return searched(request, ['ContractEndDateFrom'], true, ({ ContractEndDateFrom }) =>
        finance().related.filter(
          ({ ServiceId, ContractEndDate }) =>
            String(ServiceId) === service && isWithin(ContractEndDate, ContractEndDateFrom, undefined),
        ),
      );
    }
    switch (`${method} ${path}`) {
      case 'GET /v2/finance/contracts/summary':
        return page(query, finance().contracts, true);
      case 'POST /v2/admin/finance/services/search':
        return searched(request, [], true, () => finance().services);
      case 'GET /v2/finance/invoices/summary': {
        const [from, to] = [query.get('Filter.CreatedFrom'), query.get('Filter.CreatedTo') ?? undefined];
        const rows = finance().invoices.filter(({ GeneratedOn }) => isWithin(GeneratedOn, from, to));
        return page(query, rows, false);
      }
      case 'POST /v2/finance/invoices/details':
        return searched(request, ['InvoiceDateFrom', 'InvoiceDateTo'], false, invoicesBetween);
      case 'GET /v2/crm/accounts/summary': {
        const active = query.get('Filter.IsActive');
        return page(
          query,
          accounts.filter(({ IsActive }) => active === null || String(IsActive) === active),
          true,
        );
      }
      case 'GET /v2/system/queues/lookup':
        return fine(QUEUES);
      case 'GET /v2/system/statuses/lookup':
        return fine(STATUSES);
      case 'GET /v2/system/priorities/lookup':
        return fine(PRIORITIES);
      case 'GET /v2/servicedesk/tickets':
        return search(query);
      case 'POST /v2/servicedesk/tickets/search':
        return searchByBody(request);
      case 'POST /v2/servicedesk/tickets':
        return wrong.around('create', () => create(request));
      default:
        return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>404</html>' };
    }
  }

  return {
    id: 'kaseya-bms',
    answers: (host) => host === HOST,
    secret: SECRET,
    customers: companyIds(msp, (index) => String(FIRST_ACCOUNT + index)),
    configuration: { sourceId: SOURCE },
    ticket: {
      companyId: String(OWN_ACCOUNT),
      board: 'Billing',
      status: 'New',
      type: 5,
      priority: null,
      contactEmail: null,
      extra: {},
    },
    handle: wrong.timely(handle),
    tickets: () => made,
    forget: wrong.forget,
    mishap: wrong.add,
    habits,
    strays: () => strays,
  };
}

const account = (Id: number, AccountName: string, IsActive: boolean): Row => ({
  Id,
  AccountCode: `A${Id}`,
  AccountName,
  AccountType: 'Customer',
  IsActive,
  IsBilling: true,
  Locations: [],
});

const attachment = (file: StoredFile, index: number, module: string, object: string): Row => ({
  Id: 551 + index,
  OriginalFileName: file.name,
  AliasName: `a${index}.csv`,
  FileType: 'csv',
  ObjectId: Number(object),
  ModuleId: Number(module),
});

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** PascalCase to camelCase, as live answers have it: "Id" -> "id", "SLAName" -> "slaName". */
function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (!isRow(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/u, (head) => head.toLowerCase()),
      camel(item),
    ]),
  );
}

/** The login also comes as a multipart form. */
function asForm({ headers, body }: SandboxRequest): URLSearchParams | undefined {
  const parts = formParts(headers['content-type'], body);
  const fields = parts?.map(({ name, bytes }): [string, string] => [name, Buffer.from(bytes).toString('utf8')]);
  return fields && new URLSearchParams(fields);
}

/** The file in the part of exactly this name. */
function fileOf({ headers, body }: SandboxRequest, part: string): StoredFile | undefined {
  const file = formParts(headers['content-type'], body)?.find(({ name }) => name === part);
  if (!file?.filename || file.bytes.byteLength === 0) return undefined;
  return { name: file.filename, contentType: file.contentType ?? '', bytes: file.bytes };
}
