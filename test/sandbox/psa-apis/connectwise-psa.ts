import type { DemoMsp } from '../demo-msp.ts';
import { companyIds, formParts, mishaps, type SandboxPsa, type StoredTicket } from '../psa.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse } from '../vendor.ts';
import { conditionOf } from './connectwise-psa/conditions.ts';
import { financeOf } from './connectwise-psa/finance.ts';

type Row = Record<string, unknown>;

const HOST = 'api-na.myconnectwise.net';
const SECRET = {
  companyId: 'northwind',
  publicKey: 'PubKey0123456789',
  privateKey: 'PrivKeyABCDEFGHIJ',
  clientId: '6d2a2b53-5c9a-4f0e-9a51-0f0c4b7f6a10',
  siteUrl: 'https://na.myconnectwise.net',
};
const AUTHORIZATION = `Basic ${Buffer.from('northwind+PubKey0123456789:PrivKeyABCDEFGHIJ').toString('base64')}`;

const BOARDS = [
  {
    id: 1,
    name: 'Help Desk',
    inactiveFlag: false,
    statuses: [
      { id: 11, name: 'New (not responded)' },
      { id: 12, name: '>Closed' },
    ],
    types: [{ id: 31, name: 'Incident' }],
  },
  {
    id: 4,
    name: 'Billing',
    inactiveFlag: false,
    statuses: [
      { id: 55, name: 'New' },
      { id: 56, name: 'Done' },
    ],
    types: [{ id: 71, name: 'Monthly' }],
  },
  { id: 9, name: 'Old Projects', inactiveFlag: true, statuses: [{ id: 91, name: 'New' }], types: [] },
];
const PRIORITIES = [
  { id: 6, name: 'Priority 1 - Emergency Response' },
  { id: 8, name: 'Priority 3 - Normal Response' },
];
/** The first two are in the way of a lookup that asks by company or by address alone. */
const CONTACTS = [
  { id: 799, companyId: 250, email: 'billing@northwind.example' },
  { id: 800, companyId: 2, email: 'reception@northwind.example' },
  { id: 801, companyId: 2, email: 'billing@northwind.example' },
];
const RECORD_TYPES = ['ServiceTicket', 'ProjectTicket'];

const refused = (status: number, code: string, message: string, errors?: Row[]): SandboxResponse => ({
  status,
  body: { code, message, ...(errors === undefined ? {} : { errors }) },
});
const invalidTicket = (field: string, code: string, message: string) =>
  refused(400, 'InvalidObject', 'ticket object is invalid', [{ code, message, resource: 'ticket', field }]);

export type SandboxConnectWise = SandboxPsa & {
  /** The cloud moves to another codebase; paths of the old one are gone. */
  upgrade(): void;
};

/** ConnectWise PSA in the cloud, North America. */
export default function connectWisePsa(msp: DemoMsp, now: () => number = Date.now): SandboxConnectWise {
  const wrong = mishaps(now);
  const tickets: (StoredTicket & { row: Row })[] = [];
  /** Of other months, other tools and other people; more than the page that a lookup takes. */
  const others: Row[] = Array.from({ length: 60 }, (_, index) => ({
    id: 40_000 + index,
    summary: index % 2 === 0 ? 'Billing Reconciliation' : 'Printer is on fire',
    externalXRef: index % 3 === 0 ? `rmm-${index}` : null,
    closedFlag: true,
  }));
  const documents: { id: number; recordId: string; row: Row }[] = [];
  let release = 1;
  let nextDocument = 90_000;

  const owner = {
    id: 2,
    identifier: 'NorthwindMSP',
    name: msp.managing.name,
    status: { id: 1, name: 'Active' },
    types: [{ id: 9, name: 'Owner' }],
    deletedFlag: false,
  };
  const companies: Row[] = [
    owner,
    ...msp.companies.map(({ name }, index) => ({
      id: 250 + index,
      identifier: name.replace(/[^A-Za-z0-9]/gu, '').slice(0, 25),
      name,
      status: { id: 1, name: 'Active' },
      types: [{ id: 1, name: 'Client' }],
      deletedFlag: false,
    })),
    {
      id: 900_001,
      identifier: 'GoneCo',
      name: 'Gone Co',
      status: { id: 1, name: 'Active' },
      types: [{ id: 1, name: 'Client' }],
      deletedFlag: true,
    },
    {
      id: 900_002,
      identifier: 'SleepyInc',
      name: 'Sleepy Inc',
      status: { id: 2, name: 'Inactive' },
      types: [{ id: 1, name: 'Client' }],
      deletedFlag: false,
    },
  ];

  let written: ReturnType<typeof financeOf> | undefined;
  /** Only who asks for agreements pays for making them. */
  const finance = () => {
    written ??= financeOf(msp, now(), companies);
    return written;
  };

  function list(request: SandboxRequest, path: string, rows: readonly Row[]): SandboxResponse {
    const { query } = request;
    const conditions = conditionOf(query.get('conditions'));
    const children = conditionOf(query.get('childConditions'));
    if (conditions === undefined || children === undefined)
      return refused(400, 'InvalidCondition', 'The conditions are not valid.');
    const size = Number(query.get('pageSize') ?? 25);
    const page = Number(query.get('page') ?? 1);
    if (!(size >= 1 && size <= 1000)) return refused(400, 'InvalidPageSize', 'pageSize must be between 1 and 1000');
    // Without an order rows move between pages: each page begins a row late.
    const late = /^id(?: asc)?$/iu.test(query.get('orderBy') ?? '') ? 0 : page - 1;
    const kept = rows.filter((row) => conditions(row) && children(row));
    const listed = [...kept.slice(late), ...kept.slice(0, late)];
    const last = Math.max(1, Math.ceil(listed.length / size));
    const link = (to: number, rel: string) => {
      const next = new URLSearchParams(query);
      // Behind all others, as in the answers that clients show.
      next.delete('page');
      next.append('page', String(to));
      return `<https://${HOST}${path}?${next}>; rel="${rel}"`;
    };
    const links = page < last ? [link(page + 1, 'next'), link(last, 'last')] : page > 1 ? [link(1, 'first')] : [];
    const fields = query.get('fields')?.split(',');
    const pick = (row: Row) =>
      fields === undefined ? row : Object.fromEntries(Object.entries(row).filter(([key]) => fields.includes(key)));
    return {
      status: 200,
      headers: {
        ...(links.length === 0 ? {} : { link: links.join(', ') }),
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify(listed.slice((page - 1) * size, page * size).map(pick)),
    };
  }

  function create(request: SandboxRequest): SandboxResponse {
    const body = jsonOf(request);
    if (!isRow(body)) return refused(415, 'UnsupportedMediaType', 'A JSON object is expected.');
    const { summary, initialDescription, externalXRef, recordType = 'ServiceTicket' } = body;
    if (!RECORD_TYPES.includes(String(recordType)))
      return invalidTicket('recordType', 'InvalidValue', 'The recordType is not known.');
    if (typeof summary !== 'string' || summary === '')
      return invalidTicket('summary', 'MissingRequiredField', 'The summary field is required.');
    if (summary.length > 100)
      return invalidTicket('summary', 'MaxLength', 'The summary field may have 100 characters.');
    if (typeof externalXRef === 'string' && externalXRef.length > 100)
      return invalidTicket('externalXRef', 'MaxLength', 'The externalXRef field may have 100 characters.');
    const company = companies.find((row) => refersTo(body.company, row, 'identifier') && row.deletedFlag === false);
    if (company === undefined) return invalidTicket('company', 'InvalidReference', 'The company is not known.');
    const board = body.board === undefined ? BOARDS[0] : BOARDS.find((row) => refersTo(body.board, row, 'name'));
    if (board === undefined || board.inactiveFlag)
      return invalidTicket('board', 'InvalidReference', 'The board is not known.');
    const status =
      body.status === undefined ? board.statuses[0] : board.statuses.find((row) => refersTo(body.status, row, 'name'));
    if (status === undefined)
      return invalidTicket('status', 'InvalidReference', `The status does not belong to board ${board.name}.`);
    if (body.type !== undefined && !board.types.some((row) => refersTo(body.type, row, 'name'))) {
      return invalidTicket('type', 'InvalidReference', `The type does not belong to board ${board.name}.`);
    }
    if (body.priority !== undefined && !PRIORITIES.some((row) => refersTo(body.priority, row, 'name'))) {
      return invalidTicket('priority', 'InvalidReference', 'The priority is not known.');
    }
    const contact = CONTACTS.find((row) => refersTo(body.contact, row, 'id'));
    if (body.contact !== undefined && contact?.companyId !== company.id)
      return invalidTicket('contact', 'InvalidReference', 'The contact is not of this company.');
    const id = 48_211 + tickets.length;
    const row = {
      id,
      summary,
      recordType: 'ServiceTicket',
      board: { id: board.id, name: board.name },
      status,
      company: { id: company.id, identifier: company.identifier, name: company.name },
      externalXRef: externalXRef ?? null,
      closedFlag: false,
      ...(body.poNumber === undefined ? {} : { poNumber: body.poNumber }),
    };
    tickets.push({
      id: String(id),
      title: summary,
      description: String(initialDescription ?? ''),
      companyId: String(company.id),
      board: board.name,
      status: status.name,
      attachments: [],
      row,
    });
    return { status: 201, body: row };
  }

  function upload(request: SandboxRequest): SandboxResponse {
    const parts = formParts(request.headers['content-type'], request.body);
    if (parts === undefined) return refused(415, 'UnsupportedMediaType', 'multipart/form-data is expected.');
    const text = (name: string) => {
      const part = parts.find((each) => each.name === name);
      return part === undefined ? undefined : Buffer.from(part.bytes).toString('utf8');
    };
    const file = parts.find((part) => part.name === 'file' && part.filename !== undefined);
    if (text('recordType') !== 'Ticket') return refused(400, 'InvalidObject', 'recordType is invalid');
    const ticket = tickets.find(({ id }) => id === text('recordId'));
    if (ticket === undefined) return refused(404, 'NotFound', 'The record was not found.');
    if (!file?.filename || file.bytes.byteLength === 0) return refused(400, 'InvalidObject', 'No file was uploaded.');
    for (const flag of ['privateFlag', 'readOnlyFlag', 'isAvatar']) {
      if (!['true', 'false', undefined].includes(text(flag)))
        return refused(400, 'InvalidObject', `${flag} is invalid`);
    }
    if (text('privateFlag') !== 'true')
      return refused(400, 'InvalidObject', 'the sandbox shows nothing in the customer portal');
    nextDocument += 1;
    ticket.attachments.push({ name: file.filename, contentType: file.contentType ?? '', bytes: file.bytes });
    const row = {
      id: nextDocument,
      title: text('title') ?? file.filename,
      fileName: file.filename,
      serverFileName: `${nextDocument}.bin`,
      owner: 'BillingBot',
      publicFlag: false,
      size: file.bytes.byteLength,
    };
    documents.push({ id: nextDocument, recordId: ticket.id, row });
    return { status: 201, body: row };
  }

  const rowsOfTickets = (): Row[] =>
    [...others, ...tickets.map(({ row }) => row)].filter(({ id }) => wrong.isThere(id));

  function handle(request: SandboxRequest): SandboxResponse {
    const { method, path, headers, query } = request;
    const codebase = `v2026_${release}/`;
    const login = /^\/login\/companyinfo\/([^/]+)$/u.exec(path)?.[1];
    if (login !== undefined && method === 'GET') {
      if (decodeURIComponent(login) !== SECRET.companyId)
        return { status: 200, headers: { 'content-type': 'application/json' }, body: 'null' };
      return {
        status: 200,
        body: {
          CompanyName: msp.managing.name,
          Codebase: codebase,
          VersionCode: `v2026.${release}`,
          CompanyID: SECRET.companyId,
          IsCloud: true,
        },
      };
    }
    const prefix = `/${codebase}apis/3.0`;
    if (!path.startsWith(`${prefix}/`))
      return {
        status: 404,
        headers: { 'content-type': 'text/html' },
        body: '<html><h1>404 - File or directory not found.</h1></html>',
      };
    if (headers.clientid !== SECRET.clientId)
      return refused(401, 'ClientIdRequired', 'A valid clientId header is required.');
    if (headers.authorization !== AUTHORIZATION) return refused(401, 'Unauthorized', 'Cannot authorize request.');
    if (!/application\/(vnd\.connectwise\.com\+)?json|\*\/\*/u.test(headers.accept ?? '*/*'))
      return refused(406, 'NotAcceptable', 'Accept is not supported.');

    const route = `${method} ${path.slice(prefix.length)}`;
    const [, boardId, kind] = /^GET \/service\/boards\/(\d+)\/(statuses|types)$/u.exec(route) ?? [];
    if (kind !== undefined) {
      const board = BOARDS.find(({ id }) => String(id) === boardId);
      return board === undefined
        ? refused(404, 'NotFound', 'Board was not found.')
        : list(request, path, kind === 'types' ? board.types : board.statuses);
    }
    const agreement = /^GET \/finance\/agreements\/(\d+)\/additions$/u.exec(route)?.[1];
    if (agreement !== undefined) {
      const additions = finance().additions.get(Number(agreement));
      return additions === undefined
        ? refused(404, 'NotFound', 'Agreement was not found.')
        : list(request, path, additions);
    }
    const ticketId = /^GET \/service\/tickets\/(\d+)$/u.exec(route)?.[1];
    if (ticketId !== undefined) {
      const row = rowsOfTickets().find(({ id }) => String(id) === ticketId);
      return row === undefined
        ? refused(404, 'NotFound', `Ticket ${ticketId} was not found.`)
        : { status: 200, body: row };
    }
    switch (route) {
      case 'GET /finance/agreements':
        return list(request, path, finance().agreements);
      // The published contract writes this path with its slash, and no other.
      case 'GET /finance/agreementrecap/':
        return list(request, path, finance().recaps);
      case 'GET /company/managementItSolutions':
        return list(request, path, finance().solutions);
      case 'GET /company/managementItSolutions/21/managementProducts':
        return list(request, path, finance().managedProducts);
      case 'GET /procurement/catalog':
        return list(request, path, finance().catalog);
      case 'GET /company/companies':
        return list(request, path, companies);
      case 'GET /company/contacts':
        return list(
          request,
          path,
          CONTACTS.map(({ id, companyId, email }) => ({
            id,
            company: companies.find((row) => row.id === companyId),
            communicationItems: [{ value: email }],
          })),
        );
      case 'GET /service/boards':
        return list(
          request,
          path,
          BOARDS.map(({ id, name, inactiveFlag }) => ({ id, name, inactiveFlag })),
        );
      case 'GET /service/priorities':
        return list(request, path, PRIORITIES);
      case 'GET /service/tickets':
        return list(request, path, rowsOfTickets());
      case 'POST /service/tickets':
        return wrong.around('create', () => create(request));
      case 'GET /system/documents':
        if (query.get('recordType') !== 'Ticket' || query.get('recordId') === null)
          return refused(400, 'InvalidParameter', 'recordType and recordId are required.');
        return list(
          request,
          path,
          documents.filter(({ recordId }) => recordId === query.get('recordId')).map(({ row }) => row),
        );
      case 'POST /system/documents':
        return wrong.around('attach', () => upload(request));
      default:
        return refused(404, 'NotFound', 'The resource was not found.');
    }
  }

  return {
    id: 'connectwise-psa',
    answers: (host) => host === HOST,
    secret: SECRET,
    customers: companyIds(msp, (index) => String(250 + index)),
    configuration: {},
    ticket: {
      companyId: '2',
      board: 'Billing',
      status: 'New',
      type: null,
      priority: null,
      contactEmail: null,
      extra: {},
    },
    handle: wrong.timely(handle),
    tickets: () => tickets,
    forget: wrong.forget,
    mishap: wrong.add,
    upgrade: () => {
      release += 1;
    },
  };
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A reference names a row by id, or by the one text that the API takes. */
function refersTo(reference: unknown, row: Row, text: string): boolean {
  if (!isRow(reference)) return false;
  return reference.id === undefined ? reference[text] === row[text] : reference.id === row.id;
}
