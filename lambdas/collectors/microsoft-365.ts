import { guid } from '../counting/ids.ts';
import { vendor } from '../counting/vendor.ts';
import { CLOUDS } from '../microsoft-entra.ts';
import { dayIn } from '../report/day.ts';
import { messageOf } from '../report/errors.ts';
import { anonymous } from '../wire/auth.ts';
import { entrance } from './microsoft-365/clouds.ts';
import { type Batching, licencesOf } from './microsoft-365/licences.ts';
import { RIGHTS } from './microsoft-365/rights.ts';
import { configuration, faultsOf, secret } from './microsoft-365/settings.ts';
import { seatsOfTenant, skuRules } from './microsoft-365/tenant-seats.ts';
import { readTenants } from './microsoft-365/tenants.ts';

export default vendor({
  id: 'microsoft-365',
  name: 'Microsoft 365',
  position: 60,
  customerId: { name: 'tenant id', schema: guid },
  columns: {},
  products:
    'purchased and paid seats (trials left out); with "(assigned)" after the name: seats of these products that are assigned',
  secret,
  configuration,
  credentials: 'rotate',
  check: faultsOf,
  names: {
    units: 'subscriptions, by product (who is assigned a licence is not read)',
    terms: ['quantity', 'assigned'],
  },
  setup: {
    create: 'one multi-tenant app registration in the partner tenant, with a client secret or a certificate',
    rights: RIGHTS,
  },
  api: ({ cloud }) => ({
    base: `https://${CLOUDS[cloud].graph}/v1.0`,
    hosts: [CLOUDS[cloud].login],
    auth: anonymous,
    limit: { concurrency: 10 },
  }),
  async *collect(verbs, settings, { asOf, mapped, keepSecret }) {
    const { api, through, each, note } = verbs;
    const today = dayIn(asOf, 'UTC');
    let keeping: Promise<string | undefined> | undefined;
    const enter = entrance(api, settings, async (refreshToken) => {
      keeping ??= keepSecret({ refreshToken }).then(() => undefined, messageOf);
      await keeping;
    });
    const partner = through(enter(settings.partnerTenantId));
    const tenants = yield* readTenants(partner, settings, mapped, today);
    const rules = skuRules(settings);
    const batching: Batching = { works: true };
    yield* each(tenants, async function* (id, { written }) {
      yield* seatsOfTenant(verbs, id, await licencesOf(through(enter(written)), batching), rules, today);
    });
    // The old one stays valid for now, so the report can be made.
    const unkept = await keeping;
    if (unkept !== undefined) yield note(`the newest refresh token could not be stored: ${unkept}`);
  },
});
