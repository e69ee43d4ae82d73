import * as z from 'zod/mini';
import { number, text } from '../counting/columns.ts';
import { longDigits } from '../counting/ids.ts';
import { sees } from '../counting/rights.ts';
import { Unread } from '../counting/row-forms.ts';
import { vendor } from '../counting/vendor.ts';
import { headers } from '../wire/auth.ts';
import { flag, optional, preset, required } from '../wire/options.ts';
import { licencesOf } from './sentinelone/licences.ts';
import { accountsOf, consoleUrl, sitesOf } from './sentinelone/lists.ts';
import { listed, partOfAccount, standingOf, standingOfSite } from './sentinelone/standing.ts';
import { tokenEnd } from './sentinelone/token-end.ts';

export default vendor({
  id: 'sentinelone',
  name: 'SentinelOne',
  position: 80,
  customerId: { name: 'site id (account id with `customerLevel: account`)', schema: longDigits },
  columns: {
    active: number('Active Licenses', 'agents that hold a licence now, in active and paid sites'),
    total: number('Total Licenses', 'licences allotted to the site; `unlimited` where it has no limit'),
    sku: text('SKU', 'bundles that the site is licensed for'),
  },
  secret: {
    consoleUrl: required("the console's own address, as in the browser", consoleUrl),
    apiToken: required('API token of the service user'),
  },
  configuration: {
    customerLevel: preset(z.enum(['site', 'account']), 'site', 'what a customer is in this console'),
    accountIds: optional(z.array(longDigits), 'accounts to read; if left out, all that the token sees'),
    countTrials: flag('count trial sites too'),
    warnOfTokenExpiry: flag('read, in one more call, when the token expires, and warn 30 days before'),
  },
  credentials: 'end',
  setup: {
    create:
      'console > Settings > Users > Service Users > Create New Service User, with the longest expiry (`apiToken`)',
    rights: [
      sees(
        'role Viewer, scope Account (or Global for several accounts)',
        'console > Settings > Users > Service Users',
        '/sites',
        { limit: 1 },
      ),
    ],
  },
  api: (settings) => ({
    base: `${new URL(settings.consoleUrl).origin}/web/api/v2.1`,
    auth: headers({ authorization: `ApiToken ${settings.apiToken}` }),
    // 100 a second for lists, in bursts of 10.
    limit: { requests: 10, perSeconds: 1, concurrency: 2 },
    renewal: 'an expired token cannot be extended: create a new service user',
    limitedSeconds: 5,
  }),
  async *collect(verbs, { apiToken, customerLevel, accountIds, countTrials, warnOfTokenExpiry }, run) {
    const { read, compare } = verbs;
    const byAccount = customerLevel === 'account';
    if (warnOfTokenExpiry) yield* tokenEnd(verbs, apiToken, run);
    if (byAccount) {
      yield* read(accountsOf(accountIds), (row) =>
        listed(verbs, row, standingOf(row.state, row.accountType, countTrials)),
      );
    }
    let allActive: number | undefined;
    let listedActive = 0;
    const onTotal = (total: number) => {
      allActive = total;
    };
    yield* read(sitesOf(customerLevel, accountIds, onTotal), (site) => {
      const standing = standingOfSite(site, countTrials);
      if (standing !== 'deleted' && !(site.activeLicenses instanceof Unread)) listedActive += site.activeLicenses;
      const about = byAccount ? partOfAccount(verbs, site, standing) : listed(verbs, site, standing);
      return standing === 'counted'
        ? [...about, ...licencesOf(byAccount ? site.accountId : site.id, site, verbs)]
        : about;
    });
    if (allActive === undefined) return;
    const loose = 'that figure is known to include sites which are not listed';
    yield* compare('active licences of all sites', listedActive, allActive, { loose });
  },
});
