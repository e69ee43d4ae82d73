import * as z from 'zod/mini';
import { guid } from '../counting/ids.ts';
import { sees } from '../counting/rights.ts';
import { aside, itself, withWritten } from '../counting/row-forms.ts';
import { vendor } from '../counting/vendor.ts';
import { dayIn, readDay } from '../report/day.ts';
import { clientCredentials, clientFields } from '../wire/auth.ts';
import { waitInWords } from '../wire/classify.ts';
import { maybe } from '../wire/forms.ts';
import { whole } from '../wire/list-paging.ts';
import { listOf } from '../wire/lists.ts';
import { flag, optional, preset, required } from '../wire/options.ts';
import { subscriptionsAt } from './sherweb/path.ts';
import { PLAIN, seatOf, subscriptions } from './sherweb/subscription.ts';

const customers = listOf(
  '/service-provider/v1/customers',
  withWritten('id', { id: itself(guid), displayName: aside(z.string()), suspendedOn: maybe(z.string()) }),
  whole('items?'),
);

export default vendor({
  id: 'sherweb',
  name: 'Sherweb',
  position: 160,
  customerId: { name: 'customer id', schema: guid },
  columns: {},
  products:
    'seats of the live subscriptions of this product, as of now and not of the next term; one-off purchases and Azure plans left out',
  secret: {
    clientId: required('Client ID of the application'),
    clientSecret: required('its Client Secret, shown once'),
    subscriptionKey: required('its Subscription Key, shown once'),
  },
  configuration: {
    baseUrl: preset(z.url(), 'https://api.sherweb.com', 'address of the API'),
    subscriptionsPath: optional(
      z.string().check(z.startsWith('/', 'expected a path that begins with /')),
      `list of a customer’s subscriptions, if not ${subscriptions.path} or, failing that, ${PLAIN}`,
    ),
    includeSuspended: flag('count suspended customers too'),
    includeOneTime: flag('count one-off purchases too'),
  },
  names: {
    units: 'subscriptions, by product',
    terms: ['quantity', 'billingTerm', 'commitment', 'termEnd', 'scheduledQuantity', 'committed'],
  },
  setup: {
    create:
      'Cumulus > Security > APIs > add an application: Client ID, Client Secret and Subscription Key, shown once. Some partners ' +
      'have to fill in their rebilling settings, or to have the API enabled by Sherweb, first',
    rights: [sees('the Service Provider API', 'Cumulus > Security > APIs', customers.path)],
  },
  api: ({ subscriptionKey, baseUrl, ...client }) => ({
    base: baseUrl,
    auth: clientCredentials({
      url: '/auth/oidc/connect/token',
      fields: clientFields(client, { scope: 'service-provider' }),
    }),
    // Names come in the requested language, which never changes, or columns would.
    headers: { 'ocp-apim-subscription-key': subscriptionKey, 'accept-language': 'en' },
    limit: { concurrency: 3 },
    limitedSeconds: 3,
    classify: waitInWords,
  }),
  async *collect(verbs, settings, { asOf, timeZone }) {
    const { read, each, customer, excluded, seats } = verbs;
    const today = dayIn(asOf, timeZone);
    const asked = new Map<string, string>();
    yield* read(customers, ({ id, written, displayName, suspendedOn }) => {
      const suspended = suspendedOn ? readDay(suspendedOn) : null;
      const isSuspended = suspended !== null && suspended <= today && !settings.includeSuspended;
      if (!isSuspended) asked.set(id, written);
      return isSuspended
        ? [customer(id, displayName), excluded(id, `suspended on ${suspended}`)]
        : customer(id, displayName);
    });
    const subscriptionsOf = subscriptionsAt(settings.subscriptionsPath);
    yield* each(asked, (id, written) =>
      subscriptionsOf(verbs, id, written, (row) => seats(id, [row], () => seatOf(row, settings))),
    );
  },
});
