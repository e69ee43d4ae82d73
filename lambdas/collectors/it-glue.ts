import * as z from 'zod/mini';
import { number } from '../counting/columns.ts';
import { digits } from '../counting/ids.ts';
import { Unread } from '../counting/row-forms.ts';
import { vendor } from '../counting/vendor.ts';
import { folded } from '../counting/words.ts';
import { ReportError } from '../report/errors.ts';
import { headers } from '../wire/auth.ts';
import { preset, required } from '../wire/options.ts';
import { isHomeGuessed, nameOf, shared } from './it-glue/homes.ts';
import { type Organization, organizations, smallerAfter504, users } from './it-glue/lists.ts';

const HOSTS = { us: 'api.itglue.com', eu: 'api.eu.itglue.com', au: 'api.au.itglue.com' };

export default vendor({
  id: 'it-glue',
  name: 'IT Glue',
  prefix: 'MyGlue',
  position: 110,
  customerId: { name: 'organization id', schema: digits },
  secret: {
    apiKey: required('the API key, without password access'),
    region: required('where the account is', z.enum(['us', 'eu', 'au'])),
  },
  configuration: {
    excludedStatuses: preset(
      z.array(z.string()),
      ['Inactive', 'Archived'],
      "names of the statuses whose organizations are left out; statuses are each MSP's own",
    ),
  },
  columns: {
    users: number(
      'Users',
      'users of the MyGlue account of the organization, invited ones included; of several organizations with one ' +
        'account, only the first has them',
    ),
  },
  names: { units: 'MyGlue users' },
  setup: {
    create:
      'IT Glue > Account > Settings > API Keys > Custom API Key, without password access; `region` is us, eu or au',
    rights: ['organizations', 'users'].map((list) => ({
      right: `reading ${list}: a key of an administrator, on the Enterprise plan (it may end after 90 days without use)`,
      where: 'IT Glue > Account > Settings > API Keys',
      check: (api) => api.send('GET', `/${list}`, { query: { 'page[size]': 1 } }),
    })),
  },
  api: ({ apiKey, region }) => ({
    base: `https://${HOSTS[region]}`,
    auth: headers({ 'x-api-key': apiKey }),
    headers: { accept: 'application/vnd.api+json' },
    limit: { requests: 8, perSeconds: 1, concurrency: 2 },
    limitedSeconds: 60,
  }),
  async *collect({ read, customer, count, excluded, failed, note, leftOut }, { excludedStatuses }) {
    const unwanted = new Set(excludedStatuses.map(folded));
    const sharers = new Map<string, Map<string, Organization>>();
    const readOrganizations = (size: number) =>
      read(organizations(size), (row) => {
        const { id, attributes } = row;
        const { 'organization-status-name': status, 'my-glue-account-id': account } = attributes;
        const listed = customer(id, nameOf(row));
        if (typeof status === 'string' && unwanted.has(folded(status)))
          return [listed, excluded(id, `its status is ${status}`)];
        if (account instanceof Unread) return [listed, failed(id, account.reason)];
        if (account !== null) sharers.set(account, (sharers.get(account) ?? new Map()).set(id, row));
        return status instanceof Unread ? [listed, failed(id, status.reason)] : listed;
      });
    yield* smallerAfter504(readOrganizations);

    const homes = new Map<string, string>();
    for (const [account, organizations] of sharers) {
      const sharing = shared(organizations.values());
      if (sharing === undefined) continue;
      const { home, others, doubt } = sharing;
      homes.set(account, home.id);
      if (isHomeGuessed(sharing))
        yield note("IT Glue does not say which of those that share its MyGlue account is the MSP's own", home.id);
      const there = `organization ${home.id} (${nameOf(home)}), counted there`;
      for (const { id } of others) yield excluded(id, `it shares its MyGlue account with ${there}`);
      if (doubt !== undefined) for (const { id } of [home, ...others]) yield failed(id, doubt);
    }

    const seen = { answered: false, seats: false };
    const readUsers = (size: number) =>
      read(users(size), ({ id, attributes: { name, 'my-glue': isUser, 'my-glue-account-id': account = null } }) => {
        if (isUser !== null || account !== null) seen.answered = true;
        if (account === null && (isUser === false || isUser === null)) return undefined;
        seen.seats = true;
        if (account === null) return leftOut('MyGlue user', 'without account');
        const home = homes.get(account);
        if (home !== undefined) return count(home, 'users', 1, { id, name });
        return leftOut('MyGlue user', `account ${account} belongs to no organization that is counted`);
      });
    yield* smallerAfter504(readUsers);
    // The administrator who made the key is a user: an empty list is a wrong answer, and with MyGlue accounts a wrong 0.
    if (!seen.answered && homes.size > 0) {
      const what = 'IT Glue lists no user, or of no user whether it is one of MyGlue, which cannot be';
      throw new ReportError('VendorContractError', what);
    }
    if (!seen.seats && homes.size > 0) {
      yield note(`${homes.size} organizations have a MyGlue account, and not one user is a MyGlue user`);
    }
  },
});
