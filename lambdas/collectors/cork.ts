import * as z from 'zod/mini';
import { collector, count, customer, gap, guid, note, words } from '../counting/collector.ts';
import { refuseSharedIds, rowsIn, totalIn } from '../counting/envelope.ts';
import { find, type GuessedRow, names, textOf } from '../counting/guessed-row.ts';
import type { VendorApi } from '../counting/vendor-api.ts';
import { number, text } from '../report/column.ts';
import { ReportError } from '../report/errors.ts';
import { headers } from '../wire/auth.ts';
import { byPageUnknown, type Paging } from '../wire/paging.ts';
import type { Query } from '../wire/request.ts';

const DEVICES = 'Cork Devices';
const USERS = 'Cork Users';
const STATUS = 'Cork Warranty Status';

const Page = z.unknown();

const rowsOf = (body: unknown, list: string): GuessedRow[] => rowsIn(body, ['data'], `Cork list ${list}`);
const totalOf = (body: unknown): number | undefined => totalIn(body, ['total']);

const paged = () =>
  byPageUnknown({
    param: 'page',
    first: 1,
    size: { param: 'page_size', value: 100 },
    declared: (body) => ({ rows: totalOf(body) }),
  });

export default collector({
  id: 'cork',
  name: 'Cork',
  position: 140,
  customerId: { name: 'client uuid', schema: guid },
  secret: z.strictObject({ apiKey: z.string() }),
  configuration: z.strictObject({
    baseUrl: z._default(z.url(), 'https://api.corkinc.com/api/v1'),
    /** For the key of a distributor: whose clients to read. */
    partnerUuid: z.optional(z.string()),
    /** Take the number of devices from the list's declared total, or read every device. */
    trustTotal: z._default(z.boolean(), true),
    members: z.prefault(
      z.strictObject({
        id: names('uuid', 'id'),
        clientName: names('name', 'display_name', 'client_name', 'company_name'),
        warrantyStatus: names('warranty_status', 'warrantyStatus'),
        inboxType: names('inbox_type', 'type', 'mailbox_type', 'is_shared', 'shared', 'kind'),
      }),
      {},
    ),
  }),
  columns: [
    number(DEVICES, 'devices seen over all integrations that the client has connected'),
    number(
      USERS,
      'inboxes that are not shared mailboxes (all of them, with a remark, where Cork does not say which are)',
    ),
    text(STATUS, 'warranty status as Cork words it'),
  ],
  setup: {
    create: 'Cork portal > Admin > API Keys > Add API Key; a key ends after at most 180 days',
    rights:
      'a key can do what its maker can: make it as a user of low rights. The collector reads clients, devices and inboxes',
  },
  api: ({ apiKey, baseUrl }) => ({
    name: 'Cork',
    base: baseUrl,
    auth: headers({ authorization: `Bearer ${apiKey}` }),
    limit: { concurrency: 4 },
    limitedSeconds: 2,
    timeoutSeconds: 30,
    renewal: 'its keys end after at most 180 days: make a new one at Admin > API Keys > Add API Key',
  }),
  async *collect(api, { partnerUuid, trustTotal, members }) {
    const pagesOf = paged();
    const idOf = (row: GuessedRow): string => textOf(row, members.id, 'Cork row (members.id)');
    const listOf = (path: string, pages: Paging<unknown>, query: Query = {}): AsyncGenerator<GuessedRow> => {
      const rows = (body: unknown) => refuseSharedIds(rowsOf(body, path), idOf, `Cork list ${path}`);
      return api.pages(path, { query, page: Page, rows, key: idOf }, pages);
    };

    const clients: GuessedRow[] = [];
    const query = { show_hidden: false, partner_uuid: partnerUuid };
    for await (const row of listOf('/clients', pagesOf('clients'), query)) clients.push(row);
    const [first] = clients;
    for (const names of [members.clientName, members.warrantyStatus]) {
      // What no client has goes by another name; what only some lack, they do not have.
      const known = clients.some((row) => names.some((name) => Object.hasOwn(row, name)));
      if (first !== undefined && !known) textOf(first, names, 'Cork client');
    }
    for (const row of clients) {
      const id = idOf(row).toLowerCase();
      yield customer(id, isGiven(row, members.clientName) ? textOf(row, members.clientName, 'Cork client') : id);
      if (isGiven(row, members.warrantyStatus))
        yield words(id, STATUS, textOf(row, members.warrantyStatus, 'Cork client'));
      else yield gap(id, STATUS, 'excluded', 'Cork gives none');
    }

    const customerOf = (uuid: string) => uuid.toLowerCase();
    // A Cork that declares no total once declares none: further clients' devices are read straight away.
    let declares = trustTotal;
    yield* api.each(clients.map(idOf), customerOf, async function* (uuid) {
      const id = customerOf(uuid);
      const total = declares ? await declaredDevices(api, uuid) : 'undeclared';
      if (total === 'undeclared') declares = false;
      let listed = 0;
      if (typeof total !== 'number')
        for await (const _ of listOf(`/clients/${uuid}/devices`, pagesOf('devices'))) listed += 1;
      yield count(id, DEVICES, typeof total === 'number' ? total : listed);
      let untold = 0;
      for await (const inbox of listOf(`/clients/${uuid}/inboxes`, pagesOf('inboxes'))) {
        const shared = isShared(inbox, members.inboxType);
        if (shared === undefined) untold += 1;
        if (shared !== true) yield count(id, USERS);
      }
      if (untold > 0) yield note(`${untold} inboxes do not say whether they are shared: counted as users`, id);
    });
  },
});

const isGiven = (row: GuessedRow, names: readonly string[]): boolean => String(find(row, names) ?? '').trim() !== '';

/** The declared total of a list of which one row is asked for. A total of 1 may be that page's own: then it says nothing. */
async function declaredDevices(api: VendorApi, client: string): Promise<number | 'undeclared' | 'doubtful'> {
  const body = await api.get(`/clients/${client}/devices`, { query: { page: 1, page_size: 1 }, schema: Page });
  const total = totalOf(body);
  const { length } = rowsOf(body, `/clients/${client}/devices`);
  if (total === undefined) return 'undeclared';
  return total > length || (total === 0 && length === 0) ? total : 'doubtful';
}

const SHARED = /^true$|(?<!un|non.?|not.?)shared/iu;
const OWN = /^false$|shared|user|person|individual|regular|standard|licen[cs]ed/iu;

/** Undefined where the inbox does not say, or in words that are not known. Kinds ("SharedMailbox") and flags are both understood. */
function isShared(inbox: GuessedRow, members: readonly string[]): boolean | undefined {
  const said = members.map((name) => find(inbox, [name])).filter((value) => value !== undefined);
  if (!said.every((value) => typeof value === 'boolean' || typeof value === 'string')) {
    throw new ReportError(
      'VendorContractError',
      `Cork inbox: expected a text or a yes or no as ${members.join(' or ')} (members seen: ${Object.keys(inbox).join(', ')})`,
    );
  }
  if (said.some((value) => SHARED.test(String(value)))) return true;
  return said.some((value) => OWN.test(String(value))) ? false : undefined;
}
