import * as z from 'zod/mini';
import { number, numberWhenUsed } from '../counting/columns.ts';
import { digits } from '../counting/ids.ts';
import { vendor } from '../counting/vendor.ts';
import { dayIn } from '../report/day.ts';
import { basic } from '../wire/auth.ts';
import { flag, optional, preset, required } from '../wire/options.ts';
import { readTenants } from './auvik/customers.ts';
import { home } from './auvik/home.ts';
import { auvikRights } from './auvik/rights.ts';
import { periodOf, usageOf } from './auvik/usage.ts';

/** The most tenants in one call for usage. */
const BATCH = 50;

export default vendor({
  id: 'auvik',
  name: 'Auvik',
  position: 120,
  customerId: { name: 'tenant id', schema: digits },
  columns: {
    devices: number(
      'Billable Devices',
      'daily average of the network devices that Auvik bills, over the days of the month up to yesterday',
    ),
    servers: numberWhenUsed('Servers', 'highest number of servers monitored on one of these days'),
    workstations: numberWhenUsed('Workstations', 'highest number of workstations monitored on one of these days'),
  },
  secret: {
    username: required('e-mail address of the user that the API key belongs to'),
    apiKey: required("the user's API key"),
    ...home.options,
    domainPrefix: optional(z.string(), 'domain prefix of the main account; found automatically if left out'),
  },
  configuration: {
    period: preset(
      z.enum(['monthToDate', 'previousMonth']),
      'monthToDate',
      'days to read the usage of: this month up to yesterday (on the 1st, the month that has just ended), or the month before',
    ),
    countTrials: flag('count trial tenants too'),
  },
  setup: {
    create: "the user's own profile > generate API key (`username` is the user's e-mail address)",
    rights: auvikRights,
  },
  api: ({ username, apiKey, ...where }) => ({
    base: `${new URL(home.address(where)).origin}/v1`,
    // An account in another region is redirected there (308).
    hosts: ['auvikapi.*.my.auvik.com'],
    auth: basic(username, apiKey),
    headers: { accept: 'application/vnd.api+json' },
    limit: { concurrency: 2 },
    // Auvik also uses 403 for "slow down"; only the text shows that no right is missing.
    classify: ({ status, body }) =>
      status === 403 && SLOW_DOWN.test(Buffer.from(body).toString('utf8')) ? { verdict: 'limited' } : undefined,
  }),
  async *collect(verbs, { domainPrefix, period, countTrials }, { asOf, timeZone }) {
    const { inBatches, note } = verbs;
    const billed = yield* readTenants(verbs, { domainPrefix, countTrials, asOf });
    const days = periodOf(dayIn(asOf, timeZone), period);
    yield note(`billing usage from ${days.from} to ${days.thru}`);
    yield* inBatches(billed, BATCH, (batch) => usageOf(verbs, batch, days), 'usage');
  },
});

const SLOW_DOWN = /rate.?limit|quota|throttl/iu;
