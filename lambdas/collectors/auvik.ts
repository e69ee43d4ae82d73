import * as z from 'zod/mini';
import { collector, count, customer, digits, excluded, failed, gap, note } from '../counting/collector.ts';
import type { Fact } from '../counting/facts.ts';
import type { VendorApi } from '../counting/vendor-api.ts';
import { number, numberWhenUsed } from '../report/column.ts';
import { type Day, dayIn, daysAfter, lastDayOf, monthsAfter } from '../report/day.ts';
import { ReportError } from '../report/errors.ts';
import { basic } from '../wire/auth.ts';
import { single } from '../wire/paging.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';

const DEVICES = 'Auvik Billable Devices';
const SERVERS = 'Auvik Servers';
const WORKSTATIONS = 'Auvik Workstations';

const REGIONS = ['us1', 'us2', 'us3', 'us4', 'us5', 'us6', 'eu1', 'eu2', 'au1', 'ca1', 'lnx'] as const;

const API_HOST = /^https:\/\/auvikapi\.[a-z0-9-]+\.my\.auvik\.com(\/(v1\/?)?)?$/iu;

/** Tenants whose usage one call asks for. */
const BATCH = 50;

const maybe = <T extends z.ZodMiniType>(type: T) => z.optional(z.nullable(type));

const Tenants = z.object({
  data: z.array(
    z.object({
      id: digits,
      attributes: z.object({ domainPrefix: z.string(), tenantType: z.string() }),
      relationships: maybe(z.object({ parent: maybe(z.object({ data: maybe(z.object({ id: digits })) })) })),
    }),
  ),
});

const Details = z.object({
  data: z.array(
    z.object({
      id: digits,
      attributes: z.object({
        displayName: maybe(z.string()),
        enabled: z.boolean(),
        subscribed: z.boolean(),
        trialEndDate: maybe(z.string()),
      }),
    }),
  ),
});

const Usages = z.object({ data: z.array(z.object({ id: digits, attributes: z.unknown() })) });

const Usage = z.object({
  deviceUsage: z.object({ averageDays: z.number().check(z.minimum(0)) }),
  maxMonitoredServers: maybe(z.number().check(z.minimum(0))),
  maxMonitoredWorkstations: maybe(z.number().check(z.minimum(0))),
});

type Attributes = z.output<typeof Details>['data'][number]['attributes'];

const SLOW_DOWN = /rate.?limit|quota|throttl/iu;

export default collector({
  id: 'auvik',
  name: 'Auvik',
  position: 120,
  customerId: { name: 'tenant id', schema: digits },
  secret: z.strictObject({
    /** E-mail address of the user whose key it is. */
    username: z.string(),
    apiKey: z.string(),
    region: z.optional(z.enum(REGIONS)),
    /** Instead of `region`. */
    baseUrl: z.optional(z.string().check(z.regex(API_HOST, 'expected https://auvikapi.….my.auvik.com'))),
    /** Of the main account; found out otherwise. */
    domainPrefix: z.optional(z.string()),
  }),
  configuration: z.strictObject({
    /** Days that the usage is asked for, up to yesterday. */
    period: z._default(z.enum(['monthToDate', 'previousMonth']), 'monthToDate'),
    /** Count trial tenants too. */
    countTrials: z._default(z.boolean(), false),
  }),
  columns: [
    number(
      DEVICES,
      'daily average of the network devices that Auvik bills, over the days of the month up to yesterday',
    ),
    numberWhenUsed(SERVERS, 'highest number of servers monitored on one of these days'),
    numberWhenUsed(WORKSTATIONS, 'highest number of workstations monitored on one of these days'),
  ],
  check: ({ region, baseUrl }) =>
    (region === undefined) === (baseUrl === undefined) ? ['region: expected, or baseUrl instead; one of the two'] : [],
  setup: {
    create: "the user's own profile > generate API key (`username` is the user's e-mail address)",
    rights: 'a role that may view tenants, inventory and billing',
  },
  api: ({ username, apiKey, region, baseUrl }) => ({
    name: 'Auvik',
    base: `${baseUrl === undefined ? `https://auvikapi.${region}.my.auvik.com` : new URL(baseUrl).origin}/v1`,
    // An account that lives in another region is sent there (308).
    hosts: ['auvikapi.*.my.auvik.com'],
    auth: basic(username, apiKey),
    headers: { accept: 'application/vnd.api+json' },
    limit: { concurrency: 2 },
    // Auvik says "slow down" with 403 too; only the text tells it from a missing right.
    classify: ({ status, body }) =>
      status === 403 && SLOW_DOWN.test(Buffer.from(body).toString('utf8')) ? { verdict: 'limited' } : undefined,
  }),
  async *collect(api, { domainPrefix, period, countTrials }, { asOf, timeZone }) {
    const tenants = new Map<string, z.output<typeof Tenants>['data'][number]>();
    const list = { page: Tenants, rows: ({ data }: z.output<typeof Tenants>) => data };
    for await (const tenant of api.pages('/tenants', { ...list, key: ({ id }) => id }, single())) {
      tenants.set(tenant.id, tenant);
    }
    const isMulti = [...tenants.values()].some(({ attributes }) => attributes.tenantType === 'multiClient');
    const roots = [...tenants.values()]
      .filter(({ relationships }) => !tenants.has(relationships?.parent?.data?.id ?? ''))
      .map(({ id, attributes }) => ({
        id,
        prefix: attributes.domainPrefix,
        leads: attributes.tenantType === 'multiClient',
      }))
      .sort((a, b) => Number(b.leads) - Number(a.leads));
    const mains = domainPrefix === undefined ? roots : [{ id: '', prefix: domainPrefix, leads: true }];

    const details = new Map<string, Attributes>();
    for (const { id: main, prefix: tenantDomainPrefix, leads } of mains) {
      // The main account's answer told of this one already.
      if (details.has(main)) continue;
      const rows = api.pages(
        '/tenants/detail',
        {
          list: `/tenants/detail of ${tenantDomainPrefix}`,
          query: { tenantDomainPrefix },
          page: Details,
          rows: ({ data }) => data,
          key: ({ id }) => id,
        },
        single(),
      );
      try {
        for await (const { id, attributes } of rows) details.set(id, attributes);
      } catch (error) {
        if (!(error instanceof RefusedAnswer)) throw error;
        if (domainPrefix !== undefined && error.status !== 403) {
          const told = `it gives no details of a main account ${domainPrefix}: correct domainPrefix in the secret, or leave it out`;
          throw new ReportError('ConfigurationError', `auvik: ${told}`, { cause: error });
        }
        // A client whose parent is not shown is no main account; Auvik may refuse to speak of it as one.
        if (leads) throw error;
      }
    }

    const billed: string[] = [];
    for (const { id, attributes } of tenants.values()) {
      const { domainPrefix: prefix, tenantType } = attributes;
      // A multi-client's usage holds that of its children: counted, it would come twice.
      if (tenantType === 'multiClient') continue;
      const detail = details.get(id);
      yield customer(id, detail?.displayName || prefix);
      if (detail === undefined)
        yield note('Auvik gives no details: whether it is disabled or a trial is not known', id);
      const reason =
        tenantType === 'client' || !isMulti ? leftOut(detail, countTrials, asOf) : `it is a ${tenantType} tenant`;
      if (reason === undefined) billed.push(id);
      else yield excluded(id, reason);
    }

    const { from, thru } = days(dayIn(asOf, timeZone), period);
    yield note(`billing usage from ${from} to ${thru}`);
    const batches = Array.from({ length: Math.ceil(billed.length / BATCH) }, (_, index) =>
      billed.slice(index * BATCH, (index + 1) * BATCH),
    );
    yield* api.each(
      batches,
      (batch) => batch,
      (batch) => usageOf(api, batch, from, thru),
      'usage',
    );
  },
});

/** The usage of these tenants. One that may not be read makes Auvik refuse them all: they are halved until it stands alone. */
async function* usageOf(api: VendorApi, ids: readonly string[], from: string, thru: string): AsyncGenerator<Fact> {
  const usages = new Map<string, unknown>();
  try {
    const query = { 'filter[fromDate]': from, 'filter[thruDate]': thru, tenants: ids.join(',') };
    const { data } = await api.get('/billing/usage/client', { query, schema: Usages });
    for (const { id, attributes } of data) usages.set(id, attributes);
  } catch (error) {
    if (!(error instanceof RefusedAnswer)) throw error;
    const [first, ...others] = ids;
    if (first !== undefined && others.length === 0) {
      yield failed(first, error);
    } else {
      const half = Math.ceil(ids.length / 2);
      for (const part of [ids.slice(0, half), ids.slice(half)]) yield* usageOf(api, part, from, thru);
    }
    return;
  }
  for (const id of ids) {
    try {
      if (!usages.has(id)) throw new ReportError('VendorContractError', `the usage of tenant ${id} is missing`);
      const usage = api.check(Usage, usages.get(id), `usage of tenant ${id}`);
      yield count(id, DEVICES, usage.deviceUsage.averageDays);
      for (const [column, value] of [
        [SERVERS, usage.maxMonitoredServers],
        [WORKSTATIONS, usage.maxMonitoredWorkstations],
      ] as const) {
        if (typeof value === 'number') yield count(id, column, value);
        else yield gap(id, column, 'failed', 'Auvik does not say how many');
      }
    } catch (error) {
      yield failed(id, error);
    }
  }
}

function leftOut(detail: Attributes | undefined, countTrials: boolean, asOf: string): string | undefined {
  if (detail?.enabled === false) return 'it is disabled in Auvik';
  const ends = detail?.subscribed === false && detail.trialEndDate ? detail.trialEndDate : undefined;
  const onTrial = ends !== undefined && Date.parse(ends.replace(/([+-]\d{2})(\d{2})$/u, '$1:$2')) > Date.parse(asOf);
  return onTrial && !countTrials ? `it is on trial until ${ends.slice(0, 10)}` : undefined;
}

/** First and last day of the usage, both included. Auvik logs a day when it is over; on the 1st it is last month's turn. */
function days(today: Day, period: 'monthToDate' | 'previousMonth'): { from: Day; thru: Day } {
  const month = today.slice(0, 7);
  if (period === 'monthToDate' && !today.endsWith('-01')) return { from: `${month}-01`, thru: daysAfter(today, -1) };
  const last = monthsAfter(month, -1);
  return { from: `${last}-01`, thru: lastDayOf(last) };
}
