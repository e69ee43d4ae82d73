import { number, numberWhenUsed } from '../counting/columns.ts';
import type { Fact } from '../counting/facts.ts';
import { asioCompany } from '../counting/ids.ts';
import { Unread } from '../counting/row-forms.ts';
import { vendor } from '../counting/vendor.ts';
import { quantity } from '../report/quantity.ts';
import { filled } from '../wire/forms.ts';
import { preset, required } from '../wire/options.ts';
import { companies, isDeleted, sites } from './connectwise-asio/companies.ts';
import { keyToken, verdictOnAnswers } from './connectwise-asio/key.ts';
import { Owners, UNMATCHED, UNMATCHED_NAME } from './connectwise-asio/owners.ts';
import { asioPlace, otherRegionOf } from './connectwise-asio/places.ts';
import { readAtOnce, readByCompany } from './connectwise-asio/read-endpoints.ts';
import { asioRights } from './connectwise-asio/rights.ts';

const SCOPE = 'platform.companies.read platform.sites.read platform.asset.read platform.devices.read';

export default vendor({
  id: 'connectwise-asio',
  name: 'ConnectWise Asio',
  position: 40,
  customerId: { name: 'company id', schema: asioCompany },
  columns: {
    workstations: number('Workstations', 'endpoints of type Desktop, laptops included, online or not', ['Desktop']),
    servers: number('Servers', 'endpoints of type Server, physical and virtual, online or not', ['Server']),
    network: numberWhenUsed('Network Devices', 'endpoints of type NetworkDevice', ['NetworkDevice']),
    other: numberWhenUsed('Other', 'endpoints of any other type, or of none'),
  },
  classes: { called: 'endpoint type', otherwise: 'other' },
  secret: {
    ...asioPlace.options,
    clientId: required('Client ID of the key'),
    clientSecret: required('its secret, shown once'),
    scope: preset(filled, SCOPE, "scopes to ask for; all of the key's own scopes if it lacks one of them"),
  },
  configuration: {},
  names: { units: 'endpoints' },
  setup: {
    create: 'Asio portal > Integrations > API Access > Generate API Access: Client ID and Client Secret',
    rights: asioRights,
  },
  api: ({ clientId, clientSecret, scope, ...where }) => ({
    base: asioPlace.address(where),
    auth: keyToken({ client_id: clientId, client_secret: clientSecret }, scope),
    // 500 in five minutes per key.
    limit: { requests: 480, perSeconds: 300, concurrency: 2 },
    limitedSeconds: 300,
    classify: verdictOnAnswers(),
  }),
  async *collect(verbs, settings) {
    const { read, customer, excluded, failed, note } = verbs;
    const region = otherRegionOf(settings.clientId, asioPlace.address(settings));
    if (region !== undefined) yield note(`client ids that start like this usually belong to region ${region}`);

    const owners = new Owners();
    yield* read(companies, (row) => {
      const { id, name, friendlyName, activityStatus } = row;
      owners.addCompany(id, activityStatus?.activeFlag);
      const deleted = isDeleted(row);
      if (deleted === true) return owners.removeCompany(id);
      const listed = customer(id, friendlyName || name);
      return deleted instanceof Unread ? [listed, failed(id, deleted.reason)] : listed;
    });
    yield* read(sites, ({ id, company }) => owners.addSite(id, company?.id));

    function* withoutDevices(id: string): Generator<Fact> {
      const isActive = owners.isActive(id);
      if (isActive === false) yield excluded(id, 'the company is inactive and has no devices');
      if (isActive === undefined) yield note('ConnectWise Asio does not say whether the company is active', id);
    }

    if (yield* readAtOnce(verbs, (endpoint) => owners.take(endpoint))) {
      for (const id of owners.idle()) yield* withoutDevices(id);
      const unmatched = owners.unmatched();
      if (unmatched === 0) return;
      yield customer(UNMATCHED, UNMATCHED_NAME);
      yield note(`${quantity(unmatched, 'device')} of no listed company: see "${UNMATCHED}"`);
      return;
    }
    yield note('read company by company, because the key may not read all endpoints at once (platform.asset.read)');
    if (owners.ids.length === 0) return;
    const unread = 'read company by company, so devices that match no company do not show';
    yield [customer(UNMATCHED, UNMATCHED_NAME), excluded(UNMATCHED, unread), note(unread, UNMATCHED)];
    yield* readByCompany(verbs, owners.ids, withoutDevices);
  },
});
