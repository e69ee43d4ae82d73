import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow } from '../gate.ts';
import { companyIds, formParts, mishaps, type SandboxPsa, type StoredFile, type StoredTicket } from '../psa.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse } from '../vendor.ts';
import { contractsOf } from './superops/contracts.ts';
import { operationOf, type Product } from './superops/schema.ts';

type Row = Record<string, unknown>;
type Conversation = { conversationId: string; type: string; files: string[] };
type Note = { noteId: string; files: string[] };

const HOST = 'api.superops.ai';
const SECRET = { apiToken: 'api-superops-demo-5e1f77c2a9', subDomain: 'northwind', region: 'us', product: 'msp' };
const FIRST_CLIENT = 6_112_345_678_901_000_000n;
const OWN_CLIENT = '6112345678900000002';
const OWN_SITE = '7112345678900000011';
const FIRST_TICKET = 6_198_765_432_109_000_000n;

const GROUPS = [
  { groupId: '3928838372746169098', name: 'Billing' },
  { groupId: '3928838372746169099', name: 'Network' },
];
const STATUSES = ['Open', 'Closed'];
const PRIORITIES = ['High', 'Low'];
const REQUEST_TYPES = ['Incident', 'Service Request'];
const USERS = [
  { userId: '5928838372746169874', email: 'billing@northwind.example', client: String(FIRST_CLIENT) },
  { userId: '5928838372746169875', email: 'reception@northwind.example', client: OWN_CLIENT },
  { userId: '5928838372746169876', email: 'Billing@northwind.example', client: OWN_CLIENT },
];
/** By what lists are filtered and sorted here. */
const ATTRIBUTES = ['subject', 'createdTime', 'name', 'email', 'startDate'];

/** What is not documented, or documented twice. */
export type SuperOpsHabits = {
  /** What becomes of a filter on the subject. */
  filter: 'works' | 'is ignored' | 'is refused';
  /** Whether one conversation comes as an object instead of a list of one. */
  loneConversation: boolean;
  /** What it tells of a ticket's files: all, those of notes alone, or nothing at all. */
  tells: 'all' | 'notes' | 'nothing';
};

export type SandboxSuperOps = SandboxPsa & { habits: SuperOpsHabits; noted(): readonly string[] };

/** SuperOps for MSPs, and the product for IT teams; US. */
export default function superOps(msp: DemoMsp, now: () => number = Date.now): SandboxSuperOps {
  const wrong = mishaps(now);
  const habits: SuperOpsHabits = { filter: 'works', loneConversation: false, tells: 'all' };
  const mayPass = slidingWindow(now, 800, 60);
  const uploads = new Map<string, StoredFile & { ticketId?: string }>();
  const made: (StoredTicket & { row: Row; conversations: Conversation[]; notes: Note[] })[] = [];
  const stamp = (at = now()) => new Date(at).toISOString().slice(0, 19);

  const client = (accountId: string, name: string, stage: string, emailDomains: string[] | null = null): Row => ({
    ...{ accountId, name, stage, status: 'Paid' },
    emailDomains,
  });
  const clients: Row[] = [
    client(OWN_CLIENT, msp.managing.name, 'Active'),
    ...msp.companies.map(({ id, name }, index) =>
      client(String(FIRST_CLIENT + BigInt(index)), name, 'Active', [`${id}.example`]),
    ),
    client('6112345678999999999', 'Sleepy Inc', 'Inactive'),
  ];
  let sold: ReturnType<typeof contractsOf> | undefined;
  /** Made for whoever asks for them first. */
  const contracts = () => (sold ??= contractsOf(msp, now(), (index) => String(FIRST_CLIENT + BigInt(index))));
  /** Older tickets, newest last; more than one page of them. */
  const others: Row[] = Array.from({ length: 130 }, (_, index) => ({
    ticketId: String(FIRST_TICKET - BigInt(1000 - index)),
    subject: index % 2 === 0 ? 'Billing Reconciliation' : 'Printer is on fire',
    client: { accountId: OWN_CLIENT, name: msp.managing.name },
    site: { id: OWN_SITE, name: 'Head office' },
    createdTime: stamp(now() - (200 - index) * 60_000),
  }));

  const refuse = (field: string, code: string, attributes: string[] = []): SandboxResponse => ({
    status: 200,
    body: {
      errors: [
        {
          message: null,
          path: [field],
          extensions: { clientError: [{ code, param: { attributes, index: 0 } }] },
        },
      ],
      data: { [field]: null },
    },
  });
  const invalid = (message: string): SandboxResponse => ({ status: 200, body: { errors: [{ message }] } });
  const undefinedField = (field: string) => invalid(`Field '${field}' is undefined`);
  const data = (body: Row): SandboxResponse => ({ status: 200, body: { data: body } });

  function create(input: Row, product: Product): SandboxResponse {
    const no = (code: string, ...attributes: string[]) => refuse('createTicket', code, attributes);
    const owner = product === 'msp' ? 'client' : 'site';
    if (input.subject === '') return no('mandatory_validation_failed', 'subject');
    const subject = String(input.subject);
    const ownerId = isRow(input[owner]) ? (input[owner].accountId ?? input[owner].id) : undefined;
    if (typeof ownerId !== 'string') return no('type_validation_failed', owner);
    if (product === 'msp' && !clients.some(({ accountId }) => accountId === ownerId))
      return no('entity_does_not_exist', 'client');
    if (product === 'it' && ownerId !== OWN_SITE) return no('entity_does_not_exist', 'site');
    const values = { status: STATUSES, priority: PRIORITIES, requestType: REQUEST_TYPES };
    for (const [member, allowed] of Object.entries(values)) {
      const value = input[member];
      if (value !== undefined && value !== null && !allowed.includes(String(value)))
        return no('referred_value_does_not_exist', member);
    }
    const groupId = isRow(input.techGroup) ? input.techGroup.groupId : undefined;
    const group = GROUPS.find((each) => each.groupId === groupId);
    if (input.techGroup !== undefined && group === undefined) return no('entity_does_not_exist', 'techGroup');
    const userId = isRow(input.requester) ? input.requester.userId : undefined;
    if (input.requester !== undefined && !USERS.some((user) => user.userId === userId && user.client === ownerId))
      return no('entity_does_not_exist', 'requester');
    const files = filesOf(input.descriptionAttachments);
    if (files === undefined) return no('type_validation_failed', 'descriptionAttachments');
    const ticketId = String(FIRST_TICKET + BigInt(made.length));
    const row = {
      ticketId,
      subject,
      status: String(input.status ?? 'Open'),
      client: { accountId: ownerId },
      site: { id: OWN_SITE },
      createdTime: stamp(),
    };
    made.push({
      id: ticketId,
      title: subject,
      description: String(input.description ?? ''),
      companyId: ownerId,
      board: group?.name ?? '',
      status: row.status,
      attachments: files.flatMap((name) => uploads.get(name) ?? []),
      row,
      conversations: [{ conversationId: '1', type: 'DESCRIPTION', files }],
      notes: [],
    });
    return data({ createTicket: { ticketId, displayId: `110126-000${made.length}` } });
  }

  /** Names of uploaded files; undefined if an entry is not what the input type says: three strings. */
  function filesOf(attachments: unknown): string[] | undefined {
    if (attachments === undefined) return [];
    if (!Array.isArray(attachments)) return undefined;
    const names: string[] = [];
    for (const entry of attachments) {
      if (!isRow(entry)) return undefined;
      const { fileName, originalFileName, fileSize } = entry;
      if (typeof fileName !== 'string' || typeof originalFileName !== 'string' || typeof fileSize !== 'string')
        return undefined;
      const stored = uploads.get(fileName);
      if (stored === undefined || String(stored.bytes.byteLength) !== fileSize) return undefined;
      names.push(fileName);
    }
    return names;
  }

  function note(input: Row): SandboxResponse {
    const no = (code: string, ...attributes: string[]) => refuse('createTicketNote', code, attributes);
    const ticket = made.find(({ id }) => isRow(input.ticket) && input.ticket.ticketId === id);
    if (ticket === undefined) return no('entity_does_not_exist', 'ticket');
    if (input.content === '') return no('mandatory_validation_failed', 'content');
    if (input.privacyType !== 'PRIVATE') return invalid('the sandbox shows nothing to requesters');
    const files = filesOf(input.attachments);
    if (files === undefined || files.some((name) => uploads.get(name)?.ticketId !== ticket.id))
      return no('entity_does_not_exist', 'attachments');
    ticket.attachments.push(...files.flatMap((name) => uploads.get(name) ?? []));
    ticket.notes.push({ noteId: String(ticket.notes.length + 1), files });
    return data({ createTicketNote: { noteId: String(ticket.notes.length) } });
  }

  function upload(request: SandboxRequest): SandboxResponse {
    const parts = formParts(request.headers['content-type'], request.body);
    const fails = (text: string): SandboxResponse => ({
      status: 200,
      body: { data: null, errors: [{ message: text }] },
    });
    if (parts === undefined) return { status: 400, body: 'multipart/form-data is expected' };
    const text = (name: string) => {
      const part = parts.find((each) => each.name === name);
      return part === undefined ? undefined : Buffer.from(part.bytes).toString('utf8');
    };
    if (text('module') !== 'TICKET_CONVERSATION_ATTACHMENT') return fails('unknown module');
    const details = text('details');
    const ticketId = details === undefined ? undefined : String(JSON.parse(details).ticketId);
    if (ticketId !== undefined && !made.some(({ id }) => id === ticketId)) return fails('unknown ticket');
    const file = parts.find(({ name }) => name === 'files');
    if (!file?.filename || file.bytes.byteLength === 0) return fails('no file');
    const fileName = `${uploads.size}-${file.filename.replace(/[^\w.-]/gu, '_')}`;
    uploads.set(fileName, {
      name: file.filename,
      contentType: file.contentType ?? '',
      bytes: file.bytes,
      ...(ticketId === undefined ? {} : { ticketId }),
    });
    return {
      status: 200,
      body: {
        data: [{ fileName, originalFileName: file.filename, fileSize: file.bytes.byteLength }],
        errors: null,
      },
    };
  }

  /** A page of a list as ListInfoInput wants it. */
  function list(field: string, rows: string, input: Row, all: readonly Row[]): SandboxResponse {
    const { page = 1, pageSize = 100, condition, sort } = input;
    if (Number(page) < 1 || Number(pageSize) < 1 || Number(pageSize) > 100)
      return refuse(field, 'value_length_exceeds_limit', ['pageSize']);
    let matching = [...all];
    if (isRow(condition)) {
      if (habits.filter === 'is refused') return refuse(field, 'type_validation_failed', ['condition']);
      const { attribute, operator, value } = condition;
      const wanted = String(value).toLowerCase();
      const of = (row: Row) => String(row[String(attribute)]).toLowerCase();
      if (!ATTRIBUTES.includes(String(attribute))) return refuse(field, 'type_validation_failed', ['attribute']);
      if (operator !== 'contains' && operator !== 'is') return refuse(field, 'type_validation_failed', ['operator']);
      if (habits.filter === 'works')
        matching = matching.filter((row) => (operator === 'is' ? of(row) === wanted : of(row).includes(wanted)));
    }
    const [by] = Array.isArray(sort) ? sort : [];
    if (isRow(by)) {
      if (!ATTRIBUTES.includes(String(by.attribute))) return refuse(field, 'type_validation_failed', ['attribute']);
      const key = (row: Row) => String(row[String(by.attribute)]);
      matching.sort((a, b) => (key(a) < key(b) ? -1 : 1) * (by.order === 'DESC' ? -1 : 1));
    } else {
      // Without an order rows move between pages: each page begins a row late.
      const late = Number(page) - 1;
      matching = [...matching.slice(late), ...matching.slice(0, late)];
    }
    const from = (Number(page) - 1) * Number(pageSize);
    const listInfo = {
      page,
      pageSize,
      hasMore: from + Number(pageSize) < matching.length,
      totalCount: String(matching.length),
    };
    return data({ [field]: { [rows]: matching.slice(from, from + Number(pageSize)), listInfo } });
  }

  const held = (names: readonly string[]) =>
    names.flatMap((fileName) => {
      const stored = uploads.get(fileName);
      return stored === undefined
        ? []
        : [{ fileName, originalFileName: stored.name, fileSize: String(stored.bytes.byteLength) }];
    });

  const shown = (): Row[] =>
    [...others, ...made.map(({ row }) => row)].filter(({ ticketId }) => wrong.isThere(ticketId));

  function query(document: string, variables: Row, product: Product): SandboxResponse {
    const asked = operationOf(document, variables, product);
    if ('fault' in asked) return invalid(asked.fault);
    const { operation } = asked;
    const input = isRow(variables.input) ? variables.input : {};
    switch (`${product} ${operation}`) {
      case 'msp getClientList':
        return list('getClientList', 'clients', input, clients);
      case 'msp getClientContractList':
        return list('getClientContractList', 'clientContracts', input, contracts().contracts);
      case 'msp getServiceItemList':
        return list('getServiceItemList', 'items', input, contracts().items);
      case 'it getSiteList':
        return list('getSiteList', 'sites', input, [{ id: OWN_SITE, name: 'Head office' }]);
      case 'msp getStatusList':
        return data({ getStatusList: STATUSES.map((name, index) => ({ id: String(index + 1), name })) });
      case 'msp getPriorityList':
        return data({ getPriorityList: PRIORITIES.map((name, index) => ({ id: String(index + 1), name })) });
      case 'msp getTechnicianGroupList':
      case 'it getTechnicianGroupList':
        return data({ getTechnicianGroupList: GROUPS });
      case 'it getFields':
        return data({
          getFields: [
            { columnName: 'status', options: STATUSES.map((value, index) => ({ id: String(index + 1), value })) },
            { columnName: 'priority', options: null },
          ],
        });
      case 'msp getClientUserList':
        return list(
          'getClientUserList',
          'userList',
          isRow(input.listInfo) ? input.listInfo : {},
          USERS.filter((user) => input.clientId === undefined || user.client === input.clientId),
        );
      case 'msp getTicketList':
      case 'it getTicketList':
        return list('getTicketList', 'tickets', input, shown());
      case 'msp getTicket':
      case 'it getTicket': {
        const row = shown().find(({ ticketId }) => ticketId === input.ticketId);
        return row === undefined ? refuse(operation, 'entity_does_not_exist', ['ticketId']) : data({ getTicket: row });
      }
      case 'msp createTicket':
      case 'it createTicket':
        return wrong.around('create', () => create(input, product));
      case 'msp createTicketNote':
      case 'it createTicketNote':
        return wrong.around('attach', () => note(input));
      case 'msp getTicketConversationList':
      case 'it getTicketConversationList':
      case 'msp getTicketNoteList':
      case 'it getTicketNoteList': {
        if (habits.tells === 'nothing') return undefinedField(operation);
        const ticket = made.find(({ id }) => id === input.ticketId);
        if (ticket === undefined) return refuse(operation, 'entity_does_not_exist', ['ticketId']);
        const entries = operation === 'getTicketNoteList' ? ticket.notes : ticket.conversations;
        const rows = entries.map(({ files, ...rest }) => ({ ...rest, attachments: held(files) }));
        if (operation === 'getTicketNoteList') return data({ [operation]: rows });
        if (habits.tells === 'notes') return data({ [operation]: [] });
        return data({ [operation]: habits.loneConversation ? rows[0] : rows });
      }
      default:
        return undefinedField(operation);
    }
  }

  function handle(request: SandboxRequest): SandboxResponse {
    const { method, path, headers } = request;
    if (headers.authorization !== `Bearer ${SECRET.apiToken}`) return { status: 401, body: 'Unauthorized' };
    if (headers.customersubdomain !== SECRET.subDomain) return { status: 400, body: 'invalid customer sub domain' };
    if (!mayPass()) return refuse('query', 'rate_limit_exceeded');
    if (method === 'POST' && path === '/upload') {
      // The upload for a ticket that is there is followed by a note: one mishap of attaching, not two.
      const isFirst = !Buffer.from(request.body).includes('name="details"');
      return isFirst ? wrong.around('attach', () => upload(request)) : upload(request);
    }
    const body = jsonOf(request);
    const product = path === '/msp' ? 'msp' : 'it';
    if (method !== 'POST' || path !== `/${product}`) return { status: 404, body: 'Not Found' };
    if (!isRow(body) || typeof body.query !== 'string') return { status: 400, body: 'no query' };
    return query(body.query, isRow(body.variables) ? body.variables : {}, product);
  }

  return {
    id: 'superops',
    answers: (host) => host === HOST,
    secret: SECRET,
    customers: companyIds(msp, (index) => String(FIRST_CLIENT + BigInt(index))),
    configuration: {},
    ticket: {
      companyId: OWN_CLIENT,
      board: 'Billing',
      status: 'Open',
      type: 'Service Request',
      priority: 'Low',
      contactEmail: null,
      extra: {},
    },
    handle: wrong.timely(handle),
    tickets: () => made,
    forget: wrong.forget,
    mishap: wrong.add,
    habits,
    noted: () => made.flatMap(({ notes }) => notes.flatMap(({ files }) => files)),
  };
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
