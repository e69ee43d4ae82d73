import { number } from '../counting/columns.ts';
import { digits, guidAsWritten } from '../counting/ids.ts';
import { Unread } from '../counting/row-forms.ts';
import { vendor } from '../counting/vendor.ts';
import { clientCredentials, clientFields } from '../wire/auth.ts';
import { required } from '../wire/options.ts';
import { MAY_HIDE } from '../wire/paging.ts';
import { countComputers } from './immybot/computers.ts';
import { entraTenant, instance, originOf } from './immybot/instance.ts';
import { isSet, tenants } from './immybot/lists.ts';
import { countUsers } from './immybot/users.ts';

export default vendor({
  id: 'immybot',
  name: 'ImmyBot',
  position: 50,
  customerId: { name: 'tenant id', schema: digits },
  columns: {
    computers: number(
      'Computers',
      'computers that are not deleted, offline ones included, except those of the development lab',
    ),
    licensed: number(
      'Licensed Computers',
      'of these, computers that take a licence in the current billing period: the number grows during the month',
    ),
    users: number('Users', `users that have not expired, except the one that this report signs in as (${MAY_HIDE})`),
  },
  secret: {
    ...instance,
    entraTenantId: required('the Entra tenant of the app registration, by guid or domain', entraTenant),
    clientId: required('Application (client) ID of the app registration', guidAsWritten),
    clientSecret: required('value of one of its client secrets'),
  },
  configuration: {},
  names: { units: 'computers and users' },
  setup: {
    create:
      'Entra ID: an app registration with a client secret; ImmyBot > Show More > People > New: the object id of its enterprise application as AD External ID, then Create User',
    rights: [
      {
        right: 'admin',
        where: 'Show More > Users > Edit > Admin',
        check: async (api) => {
          for (const path of ['/tenants', '/users']) await api.send('GET', path, { query: { Page: 1, PageSize: 1 } });
          return api.send('GET', '/computers/paged', { query: { skip: 0, take: 1 } });
        },
      },
    ],
  },
  api: ({ instanceSubdomain, baseUrl, entraTenantId, ...client }) => {
    const origin = originOf({ instanceSubdomain, baseUrl });
    return {
      base: `${origin}/api/v1`,
      hosts: ['login.microsoftonline.com'],
      auth: clientCredentials({
        url: `https://login.microsoftonline.com/${entraTenantId}/oauth2/v2.0/token`,
        fields: clientFields(client, { scope: `${origin}/.default` }),
      }),
      // No limit is published; other clients stay below this.
      limit: { requests: 100, perSeconds: 60, concurrency: 1 },
      renewal:
        'set the object id of the enterprise application on the person in ImmyBot, and give its user the admin right',
    };
  },
  async *collect(verbs) {
    const { read, customer, excluded, failed } = verbs;
    const kept = new Set<number>();
    const deleted = new Set<number>();
    const msps: number[] = [];
    yield* read(tenants(), ({ id, name, active, isMsp, markedForDeletionAtUtc }) => {
      kept.add(id);
      if (isSet(markedForDeletionAtUtc)) {
        kept.delete(id);
        deleted.add(id);
        return undefined;
      }
      if (isMsp === true) msps.push(id);
      const listed = customer(id, name);
      if (active instanceof Unread) return [listed, failed(id, active.reason)];
      return active ? listed : [listed, excluded(id, 'the tenant is not active in ImmyBot')];
    });
    // Rows of an unlisted tenant must be noticed.
    const isKept = (tenant: number): boolean => !deleted.has(tenant);
    yield* countUsers(verbs, isKept, msps);
    yield* countComputers(verbs, kept, isKept);
  },
});
