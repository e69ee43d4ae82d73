import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow } from '../gate.ts';
import { companyIds, isBase64, mishaps, type SandboxPsa, type StoredTicket } from '../psa.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse } from '../vendor.ts';
import { contractsOf } from './datto-psa/finance.ts';

type Row = Record<string, unknown>;

const SECRET = {
  userName: 'api-billing@northwind.example',
  secret: 'aT7#demo-autotask-secret',
  apiIntegrationCode: 'NWBILLINGCOUNT0000000000001',
};
const ROOT = '/ATServicesRest/V1.0';
/** Clients write the path in small letters too. */
const ROOT_PATTERN = /^\/atservicesrest\/v1\.0\//iu;

const picked = (value: number, label: string, more: Row = {}): Row => ({
  value: String(value),
  label,
  isDefaultValue: false,
  sortOrder: value,
  parentValue: '',
  isActive: true,
  isSystem: false,
  ...more,
});
const QUEUES = [
  picked(29_690_101, 'Billing'),
  picked(29_682_833, 'Help Desk'),
  picked(29_690_102, 'Old Projects', { isActive: false }),
];
const STATUSES = [picked(1, 'New', { isDefaultValue: true }), picked(5, 'Complete'), picked(7, 'Waiting')];
const PRIORITIES = [picked(4, 'Critical'), picked(1, 'High'), picked(2, 'Medium'), picked(3, 'Low')];
const TYPES = [picked(1, 'Service Request'), picked(2, 'Incident')];
const COMPANY_TYPES = [picked(1, 'Customer'), picked(2, 'Lead'), picked(3, 'Prospect')];
const PUBLISH = [picked(1, 'All Autotask Users'), picked(2, 'Internal Users Only')];
/** The first two are in the way of a lookup that asks by company or by address alone. */
const CONTACTS: Row[] = [
  { id: 799, companyID: 29_683_000, emailAddress: 'billing@northwind.example', firstName: 'Billing', isActive: 1 },
  { id: 800, companyID: 0, emailAddress: 'reception@northwind.example', firstName: 'Front', isActive: 1 },
  { id: 801, companyID: 0, emailAddress: 'billing@northwind.example', firstName: 'Billing', isActive: 1 },
];

const field = (name: string, more: Row = {}): Row => ({
  name,
  dataType: 'string',
  length: 0,
  isRequired: false,
  isReadOnly: false,
  isQueryable: true,
  isPickList: false,
  picklistValues: null,
  picklistParentValueField: '',
  ...more,
});
const list = (name: string, picklistValues: Row[]): Row =>
  field(name, { dataType: 'integer', isPickList: true, picklistValues });
const fields = (...names: string[]): Row[] => names.map((name) => field(name));
const UNIT_FIELDS = ['contractID', 'units', 'startDate', 'endDate', 'price', 'approveAndPostDate'];
const PERIODS = [picked(1, 'Monthly'), picked(2, 'Quarterly'), picked(3, 'Semi-Annual'), picked(4, 'Yearly')];
const FIRST_COMPANY = 29_683_000;
const TITLE_LENGTH = 255;
const DESCRIPTION_LENGTH = 8000;
const FIELDS = new Map<string, Row[]>([
  [
    'Tickets',
    [
      field('id', { dataType: 'long' }),
      field('title', { length: TITLE_LENGTH }),
      field('description', { length: DESCRIPTION_LENGTH }),
      field('externalID', { length: 50 }),
      field('companyID', { dataType: 'integer' }),
      field('contactID', { dataType: 'integer' }),
      field('createDate', { dataType: 'datetime' }),
      field('dueDateTime', { dataType: 'datetime' }),
      list('queueID', QUEUES),
      list('status', STATUSES),
      list('priority', PRIORITIES),
      list('ticketType', TYPES),
      field('rmaStatus', {
        isPickList: true,
        picklistValues: [picked(1, 'Text')].map((row) => ({ ...row, value: 'A' })),
      }),
    ],
  ],
  ['Companies', [field('id'), field('companyName'), list('companyType', COMPANY_TYPES), field('isActive')]],
  ['Contacts', [field('id'), field('companyID'), field('emailAddress'), field('isActive')]],
  [
    'Contracts',
    [
      ...fields('id', 'companyID', 'billToCompanyID', 'contractName', 'contractType', 'status', 'startDate', 'endDate'),
      list('contractPeriodType', PERIODS),
    ],
  ],
  ['ContractServices', fields('id', 'contractID', 'serviceID', 'unitPrice', 'unitCost')],
  ['ContractServiceUnits', fields('id', 'contractServiceID', 'serviceID', ...UNIT_FIELDS)],
  ['ContractServiceBundles', fields('id', 'contractID', 'serviceBundleID', 'unitPrice', 'adjustedPrice')],
  ['ContractServiceBundleUnits', fields('id', 'contractServiceBundleID', 'serviceBundleID', ...UNIT_FIELDS)],
  ['Services', fields('id', 'name', 'isActive', 'sku')],
  ['ServiceBundles', fields('id', 'name', 'isActive', 'sku')],
  ['ContractBillingRules', fields('id', 'contractID', 'isActive')],
  ['TicketAttachments', [field('title', { length: 255 }), field('fullPath'), list('publish', PUBLISH)]],
]);

/** Validation, rights, and a query that is not right: all of it is HTTP 500. */
const refused = (...errors: string[]): SandboxResponse => ({ status: 500, body: { errors } });
const invalid = (words: string) => refused(`${words}; on record number [0].`);

const LONGEST_FILE = 6 * 1024 * 1024;
const FILES_WINDOW = { bytes: 10_000_000, milliseconds: 300_000 };
const PER_HOUR = 10_000;

export type SandboxAutotask = SandboxPsa & {
  /** The MSP's database moves to another zone; the old one refuses the keys. */
  moveZone(): void;
  /** Another tool writes a foreign id of its own into every ticket. */
  overwriteExternalIds(): void;
};

/** Datto PSA (Autotask), America East 2. */
export default function dattoPsa(msp: DemoMsp, now: () => number = Date.now): SandboxAutotask {
  const wrong = mishaps(now);
  const passes = slidingWindow(now, PER_HOUR, 3600);
  const made: StoredTicket[] = [];
  const tickets: Row[] = [];
  const files: Row[] = [];
  const uploads: { at: number; bytes: number }[] = [];
  const cursors = new Map<string, { entity: string; body: string; from: number }>();
  let zone = 5;

  const companies: Row[] = [
    { id: 0, companyName: msp.managing.name, companyType: 3, isActive: true },
    ...msp.companies.map(({ name }, index) => ({
      id: FIRST_COMPANY + index,
      companyName: name,
      companyType: 1,
      isActive: true,
    })),
    { id: 29_700_001, companyName: 'Sleepy Inc', companyType: 1, isActive: false },
    { id: 29_700_002, companyName: 'Maybe One Day GmbH', companyType: 2, isActive: true },
  ];
  /** Not this run's: of another month, and typed by hand. */
  tickets.push(
    {
      id: 204_001,
      title: 'Billing Reconciliation',
      companyID: 0,
      status: 5,
      createDate: new Date(now() - 30 * 86_400_000).toISOString(),
      externalID: 'billing-count:2020-01',
      description: 'Run key: billing-count:2020-01',
    },
    {
      id: 204_002,
      title: 'Billing Reconciliation',
      companyID: 0,
      status: 1,
      createDate: new Date(now()).toISOString(),
      externalID: null,
      description: null,
    },
  );
  let finance: ReadonlyMap<string, Row[]> | undefined;
  function rowsOf(entity: string): Row[] | undefined {
    const rows = new Map([
      ['Companies', companies],
      ['Contacts', CONTACTS],
      ['Tickets', tickets.filter(({ id }) => wrong.isThere(id))],
    ]).get(entity);
    if (rows !== undefined || !FIELDS.has(entity)) return rows;
    // Contracts are made for whoever asks for them first.
    finance ??= contractsOf(msp, now(), FIRST_COMPANY);
    return finance.get(entity);
  }

  /** How many rows a filter finds. */
  function count(request: SandboxRequest, entity: string): SandboxResponse {
    const body = jsonOf(request);
    const rows = rowsOf(entity);
    if (rows === undefined) return { status: 404, body: { Message: 'No HTTP resource was found.' } };
    if (!isRow(body) || !Array.isArray(body.filter)) return refused('A filter is required.');
    try {
      const fieldNames = FIELDS.get(entity)?.map(({ name }) => name) ?? [];
      const matches = body.filter.map((filter) => matcher(filter, fieldNames));
      return { status: 200, body: { queryCount: rows.filter((row) => matches.every((match) => match(row))).length } };
    } catch (error) {
      return refused(String(error));
    }
  }

  function query(request: SandboxRequest, entity: string, from: number): SandboxResponse {
    const rows = rowsOf(entity);
    const body = jsonOf(request);
    if (rows === undefined) return { status: 404, body: { Message: 'No HTTP resource was found.' } };
    if (!isRow(body)) return refused('The query is empty.');
    const stranger = Object.keys(body).find((key) => !['MaxRecords', 'IncludeFields', 'filter'].includes(key));
    if (stranger !== undefined) return refused(`Unknown query member ${stranger}.`);
    const { MaxRecords: size = 500, IncludeFields: include, filter } = body;
    if (typeof size !== 'number' || !(size >= 1 && size <= 500)) return refused('MaxRecords must be from 1 to 500.');
    if (!Array.isArray(filter) || filter.length === 0) return refused('A filter is required.');
    const fieldNames = FIELDS.get(entity)?.map(({ name }) => name) ?? [];
    let matches: ((row: Row) => boolean)[];
    try {
      matches = filter.map((item) => matcher(item, fieldNames));
    } catch (error) {
      return refused(String(error));
    }
    const matching = rows.filter((row) => matches.every((match) => match(row)));
    if (include !== undefined && !Array.isArray(include)) return refused('IncludeFields must be a list.');
    const names = include?.map(String);
    const unknown = names?.find((name) => !fieldNames.includes(name));
    if (unknown !== undefined) return refused(`Unable to find ${unknown} in the ${entity} Entity.`);
    const rest = matching.length > from + size;
    if (rest && names?.includes('id') === false) return refused('IncludeFields must hold id to page.');
    const cursor = msp.guid('autotask', entity, cursors.size);
    if (rest) cursors.set(cursor, { entity, body: Buffer.from(request.body).toString(), from: from + size });
    const items = matching
      .slice(from, from + size)
      .map((row) => (names === undefined ? row : Object.fromEntries(names.map((name) => [name, row[name] ?? null]))));
    return {
      status: 200,
      body: {
        items,
        pageDetails: {
          count: items.length,
          requestCount: size,
          prevPageUrl: null,
          nextPageUrl: rest
            ? `https://webservices${zone}.autotask.net${ROOT}/${entity}/query/next?paging=${cursor}`
            : null,
        },
      },
    };
  }

  function next(request: SandboxRequest, entity: string): SandboxResponse {
    const cursor = cursors.get(request.query.get('paging') ?? '');
    if (cursor === undefined || cursor.entity !== entity) return refused('The paging token is not valid.');
    if (cursor.body !== Buffer.from(request.body).toString()) return refused('The paging token is of another query.');
    return query(request, entity, cursor.from);
  }

  function create(request: SandboxRequest): SandboxResponse {
    const body = jsonOf(request);
    if (!isRow(body)) return refused('The record is empty.');
    const { title, description, externalID, companyID, queueID, status, priority, ticketType, dueDateTime } = body;
    const isOf = (values: Row[], value: unknown) =>
      values.find((choice) => choice.value === String(value) && typeof value === 'number' && choice.isActive === true);
    if (typeof title !== 'string' || title === '') return invalid('title is required.');
    if (title.length > TITLE_LENGTH) return invalid('title is too long.');
    for (const text of [description, externalID]) {
      if (text !== undefined && typeof text !== 'string') return invalid('a text is expected.');
    }
    if (!companies.some(({ id }) => id === companyID)) return invalid('companyID does not exist.');
    const state = isOf(STATUSES, status);
    if (state === undefined) return invalid('status is required and must be an active value.');
    if (isOf(PRIORITIES, priority) === undefined) return invalid('priority is required and must be an active value.');
    if (typeof dueDateTime !== 'string' || Number.isNaN(Date.parse(dueDateTime))) {
      return invalid('dueDateTime is required.');
    }
    const isAssigned = body.assignedResourceID !== undefined;
    if (isAssigned && body.assignedResourceRoleID === undefined) return invalid('assignedResourceRoleID is required.');
    const queue = isOf(QUEUES, queueID);
    if (queueID === undefined ? !isAssigned : queue === undefined) {
      return invalid('queueID, or assignedResourceID and assignedResourceRoleID, is required.');
    }
    if (ticketType !== undefined && isOf(TYPES, ticketType) === undefined) return invalid('ticketType is not valid.');
    if (String(description ?? '').length > DESCRIPTION_LENGTH) return invalid('description is too long.');
    if (String(externalID ?? '').length > 50) return invalid('externalID is too long.');
    const contact = CONTACTS.find(({ id }) => id === body.contactID);
    if (body.contactID !== undefined && contact?.companyID !== companyID) return invalid('contactID is not valid.');
    const id = 204_417 + made.length;
    tickets.push({ ...body, id, createDate: new Date(now()).toISOString() });
    made.push({
      id: String(id),
      title,
      description: String(description ?? ''),
      companyId: String(companyID),
      board: String(queue?.label ?? ''),
      status: String(state.label),
      attachments: [],
    });
    return { status: 200, body: { itemId: id } };
  }

  function attach(request: SandboxRequest, ticketId: string): SandboxResponse {
    const body = jsonOf(request);
    const ticket = made.find(({ id }) => id === ticketId);
    if (ticket === undefined) return invalid('The ticket does not exist.');
    if (!isRow(body)) return refused('The record is empty.');
    const { title, fullPath, data, publish, attachmentType } = body;
    if (attachmentType !== 'FILE_ATTACHMENT') return invalid('attachmentType is not valid.');
    if (typeof title !== 'string' || title === '' || typeof fullPath !== 'string' || fullPath === '') {
      return invalid('title and fullPath are required.');
    }
    if (title.length > TITLE_LENGTH) return invalid('title is too long.');
    if (!PUBLISH.some(({ value }) => typeof publish === 'number' && value === String(publish))) {
      return invalid('publish is required and must be an active value.');
    }
    if (typeof data !== 'string' || data === '' || !isBase64(data)) return invalid('data is no base64.');
    const bytes = Buffer.from(data, 'base64');
    if (bytes.byteLength > LONGEST_FILE) return invalid('The attachment is too large.');
    const recent = uploads.filter(({ at }) => at > now() - FILES_WINDOW.milliseconds);
    const sent = recent.reduce((sum, upload) => sum + upload.bytes, bytes.byteLength);
    if (sent > FILES_WINDOW.bytes) return invalid('The attachment limit of 10,000,000 bytes in 5 minutes is exceeded.');
    uploads.push({ at: now(), bytes: bytes.byteLength });
    const id = 5_550_123 + files.length;
    files.push({ id, parentID: Number(ticketId), title, fullPath, publish, fileSize: bytes.byteLength });
    ticket.attachments.push({ name: title, contentType: '', bytes });
    return { status: 200, body: { itemId: id } };
  }

  function handle(request: SandboxRequest): SandboxResponse {
    const { method, host, path, headers } = request;
    const route = path.replace(ROOT_PATTERN, '');
    if (method === 'GET' && route === 'zoneInformation') {
      if (request.query.get('user') !== SECRET.userName) return refused('Zone information could not be determined');
      return {
        status: 200,
        body: {
          zoneName: 'America East 2',
          url: `https://webservices${zone}.autotask.net/ATServicesRest/`,
          webUrl: `https://ww${zone}.autotask.net/`,
          ci: 12_345,
        },
      };
    }
    const hasKeys =
      headers.username === SECRET.userName &&
      headers.secret === SECRET.secret &&
      headers.apiintegrationcode === SECRET.apiIntegrationCode;
    if (!hasKeys || host !== `webservices${zone}.autotask.net`) return { status: 401 };
    if (!(headers['content-type'] ?? '').startsWith('application/json')) return { status: 415 };
    if (!passes()) return { status: 429 };

    const [entity = '', ...steps] = route.split('/');
    const rest = steps.join('/');
    if (method === 'GET' && rest === 'entityInformation/fields' && FIELDS.has(entity)) {
      return { status: 200, body: { fields: FIELDS.get(entity) } };
    }
    if (method === 'POST' && rest === 'query') return query(request, entity, 0);
    if (method === 'POST' && rest === 'query/count') return count(request, entity);
    if (method === 'POST' && rest === 'query/next') return next(request, entity);
    if (method === 'POST' && route === 'Tickets') return wrong.around('create', () => create(request));
    const ticketId = /^Tickets\/(\d+)\/Attachments$/u.exec(route)?.[1];
    if (ticketId !== undefined && method === 'POST') return wrong.around('attach', () => attach(request, ticketId));
    if (ticketId !== undefined && method === 'GET') {
      return { status: 200, body: { items: files.filter(({ parentID }) => String(parentID) === ticketId) } };
    }
    return { status: 404, body: { Message: 'No HTTP resource was found.' } };
  }

  return {
    id: 'datto-psa',
    answers: (host) => /^webservices\d*\.autotask\.net$/u.test(host),
    secret: SECRET,
    customers: companyIds(msp, (index) => String(29_683_000 + index)),
    configuration: {},
    ticket: {
      companyId: '0',
      board: 'Billing',
      status: 'New',
      type: null,
      priority: 'Medium',
      contactEmail: null,
      extra: {},
    },
    handle: wrong.timely(handle),
    tickets: () => made,
    forget: wrong.forget,
    mishap: wrong.add,
    moveZone: () => {
      zone += 1;
    },
    overwriteExternalIds: () => {
      for (const ticket of tickets) ticket.externalID = `other-tool-${ticket.id}`;
    },
  };
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One condition or group of a filter; throws what Autotask would say of a wrong one. */
function matcher(condition: unknown, fields: readonly unknown[]): (row: Row) => boolean {
  if (!isRow(condition)) throw 'The filter is not valid.';
  const { op, field, value, items } = condition;
  if (op === 'and' || op === 'or') {
    if (!Array.isArray(items)) throw `A group "${op}" needs items.`;
    const all = items.map((item) => matcher(item, fields));
    return (row) => (op === 'and' ? all.every((matches) => matches(row)) : all.some((matches) => matches(row)));
  }
  if (!fields.includes(field)) throw `Unable to find ${field} in the Entity.`;
  if (value === undefined || value === null) throw `${field} is compared with nothing.`;
  if (field === 'isActive' && typeof value === 'string') throw `${field} is true or false.`;
  const of = (row: Row) => row[String(field)];
  switch (op) {
    case 'eq':
      return (row) =>
        typeof value === 'string' ? String(of(row)).toLowerCase() === value.toLowerCase() : of(row) === value;
    case 'in':
      if (!Array.isArray(value) || value.length === 0 || value.length > 500) throw `${field} needs 1 to 500 values.`;
      return (row) => value.includes(of(row));
    case 'gte':
      return (row) => (typeof value === 'number' ? Number(of(row)) >= value : String(of(row)) >= String(value));
    case 'lte':
      return (row) => (typeof value === 'number' ? Number(of(row)) <= value : String(of(row)) <= String(value));
    default:
      throw `Unknown operator ${op}.`;
  }
}
