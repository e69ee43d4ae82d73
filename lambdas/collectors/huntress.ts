import * as z from 'zod/mini';
import { number, numberWhenUsed } from '../counting/columns.ts';
import { digits } from '../counting/ids.ts';
import { Unread } from '../counting/row-forms.ts';
import { vendor } from '../counting/vendor.ts';
import { basic } from '../wire/auth.ts';
import { flag, optional, required } from '../wire/options.ts';
import { billableFigures } from './huntress/billable.ts';
import { figuresOf, organizations } from './huntress/organizations.ts';
import { placesOf, tryOut } from './huntress/places.ts';

export default vendor({
  id: 'huntress',
  name: 'Huntress',
  position: 70,
  customerId: { name: 'organization id', schema: digits },
  columns: {
    edr: number(
      'EDR Agents',
      'all EDR agents of the organization, including unresponsive ones (billable agents with `exact`)',
    ),
    itdr: numberWhenUsed('ITDR Identities', 'identities that Huntress bills for ITDR'),
    sat: numberWhenUsed('SAT Learners', 'learners of security awareness training'),
    siem: numberWhenUsed('SIEM Sources', 'log sources that Huntress bills for SIEM'),
  },
  secret: {
    apiKey: required('public key of the API credentials'),
    apiSecret: required('their private key, shown once'),
    accountIds: optional(
      z.array(digits).check(z.minLength(1)),
      'for a reseller key: the accounts to read; all if left out',
    ),
  },
  configuration: {
    exact: flag("read each organization's billable figures one by one (about 55 a minute) instead of the list's"),
  },
  setup: {
    create: 'portal menu > API Credentials > Generate: public key (`apiKey`) and private key (`apiSecret`)',
    rights: [
      {
        right: 'the account key, which reads everything that is needed',
        where: 'portal menu > API Credentials',
        check: tryOut,
      },
    ],
  },
  api: ({ apiKey, apiSecret }) => ({
    base: 'https://api.huntress.io/v1',
    auth: basic(apiKey, apiSecret),
    // 60 in any minute, shared by all users of the account; after a refusal, wait until that minute is over.
    limit: { requests: 55, perSeconds: 60, concurrency: 4 },
    limitedSeconds: 60,
  }),
  async *collect(verbs, { accountIds, exact }) {
    const { api, read, each, customer, identity, count, gap, excluded, failed, note } = verbs;
    const asked = new Map<number, { path: string; figures: ReturnType<typeof figuresOf> }>();
    for (const { path, disabled, doubt } of await placesOf(verbs, accountIds)) {
      yield* read({ ...organizations, path }, (row) => {
        const { id, name, identity_provider_tenant_id: tenant } = row;
        const marks = identity(id, { ids: [{ integration: 'microsoft-365', id: tenant }] });
        if (disabled !== undefined)
          return [customer(id, name), marks, excluded(id, `its account "${disabled}" is disabled`)];
        if (doubt !== undefined) return [customer(id, name), marks, failed(id, doubt)];
        if (!exact) return [customer(id, name, figuresOf(row)), marks];
        asked.set(id, { path: `${path}/${id}`, figures: figuresOf(row) });
        return [customer(id, name), marks];
      });
    }
    if (!exact) return;
    yield note('the numbers are the billable figures of each organization (`exact`)');
    yield* each(asked, async function* (id, { path, figures }) {
      const billable = await billableFigures(api, id, path);
      for (const column of ['edr', 'itdr', 'sat', 'siem'] as const) {
        const { [column]: billed } = billable;
        const { [column]: listed } = figures;
        if (billed !== undefined) yield count(id, column, billed);
        else if (listed instanceof Unread) yield gap(id, column, listed.reason);
        else if (listed > 0) yield gap(id, column, `the list counts ${listed}, the billable figures none`);
      }
    });
  },
});
