import * as z from 'zod/mini';
import { number, text } from '../counting/columns.ts';
import { guid } from '../counting/ids.ts';
import { vendor } from '../counting/vendor.ts';
import { UnknownWord } from '../counting/words.ts';
import { quantity } from '../report/quantity.ts';
import { headers } from '../wire/auth.ts';
import { optional, preset, required } from '../wire/options.ts';
import { MAY_HIDE } from '../wire/paging.ts';
import { readClients } from './cork/clients.ts';
import { inboxKind } from './cork/inbox.ts';
import { listsBy, members, tryOut } from './cork/lists.ts';

export default vendor({
  id: 'cork',
  name: 'Cork',
  position: 140,
  customerId: { name: 'client uuid', schema: guid },
  columns: {
    devices: number('Devices', `devices seen by all integrations that the client has connected (where ${MAY_HIDE})`),
    users: number(
      'Users',
      'inboxes that are not shared mailboxes (all inboxes, with a remark, if Cork does not say which are; ' +
        `where ${MAY_HIDE})`,
    ),
    status: text('Warranty Status', 'warranty status as Cork words it'),
  },
  secret: { apiKey: required('the API key, shown once; it expires after at most 180 days') },
  configuration: {
    baseUrl: preset(z.url(), 'https://api.corkinc.com/api/v1', 'address of the API'),
    partnerUuid: optional(z.string(), 'for a distributor key: whose clients to read'),
    trustTotal: preset(
      z.boolean(),
      true,
      "take the number of devices from the list's declared total (one call per client) instead of reading every device",
    ),
    members,
  },
  names: { units: 'inboxes; devices if the configuration reads them one by one' },
  setup: {
    create: 'Cork portal > Admin > API Keys > Add API Key; a key expires after at most 180 days',
    rights: [
      {
        right:
          'reading clients, devices and inboxes; a key has the rights of the user who creates it, so create it as a user with few rights',
        where: 'Cork portal > Admin > API Keys',
        check: (api, settings) => tryOut(api, settings.members.id),
      },
    ],
  },
  api: ({ apiKey, baseUrl }) => ({
    base: baseUrl,
    auth: headers({ authorization: `Bearer ${apiKey}` }),
    limit: { concurrency: 4 },
    limitedSeconds: 2,
    timeoutSeconds: 30,
    renewal: 'its keys expire after at most 180 days: create a new one at Admin > API Keys > Add API Key',
  }),
  async *collect(verbs, { partnerUuid, trustTotal, members }) {
    const { read, each, declaredTotal, count, gap, note } = verbs;
    const { devices, inboxes, unitOf, ...lists } = listsBy(members.id);
    const uuids = yield* readClients(verbs, lists, members, partnerUuid);

    // A Cork that declares no total for one client declares none for any: the devices of the others are read at once.
    let declares = trustTotal;
    yield* each(uuids, async function* (id, uuid) {
      const total = declares ? await declaredTotal(devices(uuid)) : 'undeclared';
      if (total === 'undeclared') declares = false;
      if (typeof total === 'number') yield count(id, 'devices', total);
      // If the total is used, some clients' devices have names and others only a number; then none is named.
      else yield* read(devices(uuid), (row) => count(id, 'devices', 1, trustTotal ? undefined : unitOf(row)));
      let [decided, undecided] = [0, 0];
      yield* read(inboxes(uuid), (row) => {
        const kind = inboxKind(row, members.inboxType);
        if (kind instanceof UnknownWord) return gap(id, 'users', kind.reason);
        if (kind === undefined) undecided += 1;
        else decided += 1;
        return kind === 'shared' ? undefined : count(id, 'users', 1, unitOf(row));
      });
      if (undecided === 0) return;
      const unsaid = `${quantity(undecided, 'inbox')} not marked as shared or not shared`;
      // If no inbox has the field, this Cork does not have it; if other inboxes do, it is missing here.
      yield decided === 0 ? note(`${unsaid}: counted as users`, id) : gap(id, 'users', `${unsaid}, unlike others`);
    });
  },
});
