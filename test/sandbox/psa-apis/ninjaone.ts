import type { DemoMsp } from '../demo-msp.ts';
import { wholeNumber } from '../gate.ts';
import { companyIds, formParts, mishaps, type SandboxPsa, type StoredTicket } from '../psa.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse } from '../vendor.ts';
import { grant, HOST, organizationsOf, SECRET, scopesOf } from '../vendor-apis/ninjaone/instance.ts';
import { agreementsOf } from './ninjaone/agreements.ts';

type Row = Record<string, unknown>;
type Entry = { id: number; type: string; body: string; htmlBody: string; publicEntry: boolean };

const OWN_ORGANIZATION = 5;
const BOARD = 3;

const FORMS = [
  { id: 1, name: 'Default', active: true, default: true },
  { id: 3, name: 'Finance', active: true, default: false },
  { id: 8, name: 'Old form', active: false, default: false },
];
const STATUSES = [
  { name: 'NEW', displayName: 'New', parentId: 1000, statusId: 1000 },
  { name: 'OPEN', displayName: 'Open', parentId: 2000, statusId: 2000 },
  { name: 'CLOSED', displayName: 'Closed', parentId: 6000, statusId: 6000 },
];
const BOARDS = [
  { id: 1, name: 'My tickets', system: true },
  { id: BOARD, name: 'All tickets', system: true },
];
const TYPES = [
  ...['PROBLEM', 'QUESTION', 'INCIDENT', 'TASK', 'CHANGE_REQUEST', 'SERVICE_REQUEST', 'PROJECT', 'APPOINTMENT'],
  'MISCELLANEOUS',
];
const PRIORITIES = ['NONE', 'LOW', 'MEDIUM', 'HIGH'];
const SEVERITIES = ['NONE', 'MINOR', 'MODERATE', 'MAJOR', 'CRITICAL'];
const PEOPLE = [
  { uid: '5b0f7c1e-0000-4000-8000-000000000000', email: 'no-billing@northwind.example', userType: 'CONTACT' },
  { uid: '5b0f7c1e-0000-4000-8000-000000000001', email: 'Billing@northwind.example', userType: 'CONTACT' },
  { uid: '5b0f7c1e-0000-4000-8000-000000000002', email: 'tech@northwind.example', userType: 'TECHNICIAN' },
];
const SORTABLE = ['lastUpdated', 'createTime'];
const FILTERABLE = ['clientId', 'status', 'priority'];
const LONGEST_SEARCH = 512;

const refused = (status: number, errorMessage: string): SandboxResponse => ({
  status,
  body: { resultCode: 'FAILURE', errorMessage, incidentId: 'a1' },
});

/** What an instance may do differently from the next one. */
export type NinjaHabits = {
  /** What the search of a board looks at. */
  searches: 'subject and tags' | 'nothing';
  /** Whether a board shows the subject. */
  showsSubject: boolean;
  /** Whether it knows the names of the fields that clients sort and filter by. */
  knowsFields: boolean;
  /** Whether the list of comments answers with a null pointer. */
  logFails: boolean;
};

export type SandboxNinja = SandboxPsa & { habits: NinjaHabits };

/** NinjaOne's ticketing, on the instance of `vendor-apis/ninjaone.ts`; by itself it knows the organizations too. */
export default function ninjaone(msp: DemoMsp, now: () => number = Date.now): SandboxNinja {
  const wrong = mishaps(now);
  const habits: NinjaHabits = {
    searches: 'subject and tags',
    showsSubject: true,
    knowsFields: true,
    logFails: false,
  };
  const made: (StoredTicket & { row: Row; tags: string[]; entries: Entry[] })[] = [];
  const counted = organizationsOf(msp).filter(({ client }) => !client.gone);
  /** The organization whose devices are counted, or one that has none. */
  const idOf = (index: number): number =>
    counted.find(({ client }) => client.company === msp.companies[index]?.id)?.id ?? 5001 + index;
  let entries = 700;
  let agreed: Row[] | undefined;
  /** Made for whoever asks for them first. */
  const agreements = () => (agreed ??= agreementsOf(msp, now(), idOf));
  const organizations = [
    { id: OWN_ORGANIZATION, name: msp.managing.name },
    ...msp.companies.map(({ name }, index) => ({ id: idOf(index), name })),
  ].sort((a, b) => a.id - b.id);
  /** Other people's tickets, newest first, more than a page of them for each organization. */
  const others: Row[] = Array.from({ length: 400 }, (_, index) => ({
    id: 10_000 - index,
    subject: index === 1 ? 'Billing Reconciliation' : 'Printer is on fire',
    tags: [],
    clientId: index % 3 === 0 ? OWN_ORGANIZATION : 11,
    lastUpdated: now() / 1000 - index * 60,
  }));

  function create(request: SandboxRequest): SandboxResponse {
    const body = jsonOf(request);
    if (!isRow(body)) return refused(400, 'NewTicket is expected as JSON');
    const { clientId, ticketFormId, subject, status = '1000', description, tags = [] } = body;
    if (!organizations.some((each) => each.id === clientId)) return refused(400, 'clientId is not an organization');
    const form = FORMS.find(({ id, active }) => id === ticketFormId && active);
    if (form === undefined) return refused(400, 'ticketFormId is required');
    if (typeof subject !== 'string' || subject.length > 200) return refused(400, 'subject is required, 200 at most');
    const knownStatus = STATUSES.find(({ statusId }) => String(statusId) === status);
    if (knownStatus === undefined) return refused(400, 'status is not valid');
    if (!isRow(description) || typeof description.public !== 'boolean')
      return refused(400, 'description.public is required');
    if (description.public) return refused(400, 'the sandbox mails nothing to people');
    for (const [member, values] of Object.entries({ type: TYPES, priority: PRIORITIES, severity: SEVERITIES })) {
      const value = body[member];
      if (value !== undefined && !values.includes(String(value))) return refused(400, `${member} is not valid`);
    }
    if (body.requesterUid !== undefined && !PEOPLE.some(({ uid }) => uid === body.requesterUid))
      return refused(400, 'requesterUid is not known');
    if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string')) return refused(400, 'tags are texts');
    const id = 10_412 + made.length;
    const row = {
      id,
      version: 1,
      clientId,
      ticketFormId,
      subject,
      status: knownStatus,
      source: 'TECHNICIAN',
      tags,
      createTime: now() / 1000,
      deleted: false,
    };
    made.push({
      id: String(id),
      title: subject,
      description: String(description.body ?? ''),
      companyId: String(clientId),
      board: form.name,
      status: knownStatus.displayName,
      attachments: [],
      row,
      tags,
      entries: [],
    });
    return { status: 200, body: row };
  }

  function comment(request: SandboxRequest, ticketId: string): SandboxResponse {
    const ticket = made.find(({ id }) => id === ticketId);
    if (ticket === undefined) return refused(404, 'ticket not found');
    const parts = formParts(request.headers['content-type'], request.body);
    if (parts === undefined) return refused(400, 'multipart/form-data is expected');
    const comment = parts.find(({ name }) => name === 'comment');
    if (comment?.contentType !== 'application/json') return refused(400, 'the part comment must be application/json');
    const entry: unknown = JSON.parse(Buffer.from(comment.bytes).toString('utf8'));
    if (!isRow(entry) || typeof entry.public !== 'boolean') return refused(400, 'comment.public is required');
    if (entry.public) return refused(400, 'the sandbox mails nothing to people');
    for (const part of parts.filter(({ name }) => name === 'files')) {
      if (!part.filename) return refused(400, 'files are files');
      ticket.attachments.push({ name: part.filename, contentType: part.contentType ?? '', bytes: part.bytes });
    }
    entries += 1;
    ticket.entries.push({
      id: entries,
      type: 'COMMENT',
      body: String(entry.body ?? ''),
      htmlBody: `<p>${String(entry.body ?? '')}</p>`,
      publicEntry: entry.public,
    });
    return { status: 204 };
  }

  function run(request: SandboxRequest, board: string): SandboxResponse {
    if (!BOARDS.some(({ id }) => String(id) === board)) return refused(404, 'board not found');
    const body = jsonOf(request);
    if (!isRow(body)) return refused(400, 'a request is expected as JSON');
    const { sortBy = [], filters = [], pageSize = 100, searchCriteria } = body;
    if (!Array.isArray(sortBy) || !Array.isArray(filters)) return refused(400, 'sortBy and filters are lists');
    const knows = (field: unknown, names: string[]) => habits.knowsFields && names.includes(String(field));
    if (sortBy.some((each: Row) => !knows(each.field, SORTABLE) || !['ASC', 'DESC'].includes(String(each.direction))))
      return refused(400, 'unknown sort field');
    if (
      filters.some(
        (each: Row) => !knows(each.field, FILTERABLE) || each.operator !== 'is' || typeof each.value !== 'string',
      )
    )
      return refused(400, 'unknown filter field');
    if (!Number.isInteger(pageSize)) return refused(400, 'pageSize is a number');
    if (searchCriteria !== undefined && (typeof searchCriteria !== 'string' || searchCriteria.length > LONGEST_SEARCH))
      return refused(400, `searchCriteria is a text of at most ${LONGEST_SEARCH} characters`);
    const all: Row[] = [
      ...made
        .filter(({ id }) => wrong.isThere(id))
        .toReversed()
        .map(({ row }) => ({ ...row, lastUpdated: now() / 1000 })),
      ...others,
    ];
    // Newest first only where that is asked for.
    const sorted = sortBy.some(({ direction }: Row) => direction === 'DESC') ? all : all.toReversed();
    const rows = board === String(BOARD) ? sorted : [];
    const matching = rows.filter(
      (row) =>
        filters.every((each: Row) => String(row[String(each.field)]) === each.value) &&
        (typeof searchCriteria !== 'string' ||
          (habits.searches === 'subject and tags' && `${row.subject} ${row.tags}`.includes(searchCriteria))),
    );
    const columns = ({ id, subject, clientId, lastUpdated }: Row) =>
      habits.showsSubject ? { id, summary: subject, clientId, lastUpdated } : { id, clientId, lastUpdated };
    return {
      status: 200,
      body: { data: matching.slice(0, Number(pageSize)).map(columns), metadata: { lastCursorId: 0, attributes: [] } },
    };
  }

  function log({ query }: SandboxRequest, ticketId: string): SandboxResponse {
    const ticket = made.find(({ id }) => id === ticketId);
    if (ticket === undefined) return refused(404, 'ticket not found');
    if (habits.logFails) return refused(500, 'java.lang.NullPointerException');
    const description = { id: 1, type: 'DESCRIPTION', body: ticket.description, htmlBody: '', publicEntry: false };
    const type = query.get('type');
    const rows = [description, ...ticket.entries].filter((entry) => type === null || entry.type === type);
    const anchor = wholeNumber(query.get('anchorId'), 0) ?? 0;
    const size = wholeNumber(query.get('pageSize'), 500) ?? 500;
    return { status: 200, body: rows.filter(({ id }) => id > anchor).slice(0, size) };
  }

  function handle(request: SandboxRequest): SandboxResponse {
    const { method, query } = request;
    if (request.path === '/ws/oauth/token') return grant(request, now);
    const scopes = scopesOf(request, now);
    if (scopes === undefined) return { status: 401, body: { error: 'invalid_token' } };
    if (!scopes.includes(method === 'GET' ? 'monitoring' : 'management'))
      return { status: 403, body: { error: 'insufficient_scope' } };
    const path = request.path.replace(/^\/api\/v2\//u, '/v2/');

    const [, ticketId, part] = /^\/v2\/ticketing\/ticket\/(\d+)(?:\/(comment|log-entry))?$/u.exec(path) ?? [];
    if (ticketId !== undefined) {
      if (part === 'comment' && method === 'POST') return wrong.around('attach', () => comment(request, ticketId));
      if (part === 'log-entry' && method === 'GET') return log(request, ticketId);
      const row = [...made.map((ticket) => ticket.row), ...others].find(
        ({ id }) => String(id) === ticketId && wrong.isThere(id),
      );
      if (part === undefined && method !== 'GET') return { status: 405 };
      return part === undefined && row !== undefined ? { status: 200, body: row } : refused(404, 'ticket not found');
    }
    const agreement = /^\/v2\/billing\/agreements\/(\d+)$/u.exec(path)?.[1];
    if (agreement !== undefined && method === 'GET') {
      const row = agreements().find(({ id }) => String(id) === agreement);
      return row === undefined ? refused(404, 'agreement_not_found') : { status: 200, body: row };
    }
    const board = /^\/v2\/ticketing\/trigger\/board\/(\d+)\/run$/u.exec(path)?.[1];
    if (board !== undefined && method === 'POST') return run(request, board);
    switch (`${method} ${path}`) {
      case 'POST /v2/ticketing/ticket':
        return wrong.around('create', () => create(request));
      case 'GET /v2/billing/agreements':
        return { status: 200, body: agreements().map(({ products, ...row }) => row) };
      case 'GET /v2/ticketing/ticket-form':
        return { status: 200, body: FORMS };
      case 'GET /v2/ticketing/statuses':
        return { status: 200, body: STATUSES };
      case 'GET /v2/ticketing/trigger/boards':
        return { status: 200, body: BOARDS };
      case 'GET /v2/ticketing/app-user-contact': {
        const words = (query.get('searchCriteria') ?? '').toLowerCase();
        return { status: 200, body: PEOPLE.filter(({ email }) => email.toLowerCase().includes(words)) };
      }
      case 'GET /v2/organizations': {
        const last = wholeNumber(query.get('after'), 0) ?? 0;
        const size = Math.min(1000, wholeNumber(query.get('pageSize'), 100) ?? 100);
        return { status: 200, body: organizations.filter(({ id }) => id > last).slice(0, size) };
      }
      default:
        return refused(404, 'Not found');
    }
  }

  return {
    id: 'ninjaone',
    answers: (host) => host === HOST,
    secret: SECRET,
    customers: companyIds(msp, (index) => String(idOf(index))),
    configuration: { boardId: BOARD, tags: ['billing'] },
    ticket: {
      companyId: String(OWN_ORGANIZATION),
      board: 'Finance',
      status: 'New',
      type: 'Task',
      priority: 'Low',
      contactEmail: null,
      extra: {},
    },
    handle: wrong.timely(handle),
    tickets: () => made,
    forget: wrong.forget,
    mishap: wrong.add,
    habits,
  };
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
