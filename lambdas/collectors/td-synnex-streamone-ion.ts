import * as z from 'zod/mini';
import { digits } from '../counting/ids.ts';
import { sees } from '../counting/rights.ts';
import { rotatingToken } from '../counting/rotating-token.ts';
import type { Seat } from '../counting/seats.ts';
import { vendor } from '../counting/vendor.ts';
import { dayIn } from '../report/day.ts';
import { ReportError } from '../report/errors.ts';
import { flag, optional, preset, required } from '../wire/options.ts';
import { readCustomers } from './td-synnex-streamone-ion/customer.ts';
import { NO_LICENCES, NO_TRIAL_FLAG, seatOf, statusOf, subscriptions } from './td-synnex-streamone-ion/subscription.ts';

const ONE_ROW = { 'pagination.limit': 1, 'pagination.offset': 0 };

export default vendor({
  id: 'td-synnex-streamone-ion',
  name: 'TD SYNNEX StreamOne ION',
  prefix: 'StreamOne ION',
  position: 180,
  customerId: { name: 'customer id', schema: digits },
  columns: {},
  products: 'licences of active, paid subscriptions of this product (trials and usage-based ones left out)',
  secret: {
    accountId: required('Account ID, a number', digits),
    refreshToken: required('the refresh token: good for one use, and replaced here at every refresh'),
    accessToken: optional(z.nullable(z.string()), 'written by the refresh; leave it out'),
    accessTokenExpiresAt: optional(z.nullable(z.string()), 'written by the refresh; leave it out'),
  },
  configuration: {
    baseUrl: preset(z.url(), 'https://ion.tdsynnex.com', 'address of ION'),
    includeSuspended: flag('count suspended subscriptions too'),
  },
  credentials: 'rotate',
  names: {
    units: 'subscriptions, by product',
    terms: ['quantity', 'unitCost', 'currency', 'billingTerm', 'commitment', 'termEnd', 'autoRenew', 'windowEnd'],
  },
  setup: {
    create:
      'ION portal > Settings > Users: a user for this only, then Edit > Request New Credentials (`refreshToken`); ' +
      'Settings > Account Information: Account ID. No other tool may use that token, and it expires after 32 days without a run. ' +
      'The secret must be writable, because the token changes with every refresh',
    rights: [sees('any role except User, status Active', 'ION portal > Settings > Users', subscriptions.path, ONE_ROW)],
  },
  api: ({ baseUrl, accountId, ...secret }, run) => {
    const host = baseUrl.replace(/\/$/u, '');
    return {
      base: `${host}/api/v3/accounts/${accountId}`,
      auth: rotatingToken({
        vendor: 'StreamOne ION',
        url: `${host}/oauth/token`,
        secret,
        run,
        remedy:
          'Request new credentials in the ION portal (Settings > Users > the user > Edit > Request New Credentials) and store ' +
          'them as refreshToken',
      }),
      limit: { concurrency: 1 },
      limitedSeconds: 8,
    };
  },
  async *collect(verbs, settings, { asOf, timeZone }) {
    const { api, read, customer, seats, leftOut } = verbs;
    const today = dayIn(asOf, timeZone);
    const { listed, deleted } = yield* readCustomers(verbs);
    const met = { licensed: 0, lacking: 0, trialFlags: 0 };
    const perhapsTrials: [customer: string, seat: Seat][] = [];
    yield* read(subscriptions, function* (row) {
      if (statusOf(row) === 'ended') return;
      const { customerId: id, customerName } = row;
      if (!id) throw new ReportError('VendorContractError', `subscription ${row.id} names no customer`);
      if (deleted.has(id)) return yield leftOut('subscription', 'its customer is deleted');
      if (!listed.get(id)) listed.set(id, customerName ?? '');
      const seat = seatOf(row, settings, today);
      if (typeof row.isTrial === 'boolean') met.trialFlags += 1;
      if (seat !== undefined && 'seats' in seat) {
        met.licensed += 1;
        const { product, measure } = seat;
        if (typeof row.isTrial !== 'boolean') perhapsTrials.push([id, { product, measure, unknown: NO_TRIAL_FLAG }]);
      }
      if (seat !== undefined && 'unknown' in seat && seat.unknown === NO_LICENCES) met.lacking += 1;
      yield* seats(id, [row], () => seat);
    });
    for (const [id, name] of listed) yield* customer(id, name);
    if (met.trialFlags > 0) for (const [id, seat] of perhapsTrials) yield* seats(id, [seat], (same) => same);
    if (met.lacking > 0 && met.licensed === 0) {
      throw new ReportError(
        'VendorContractError',
        `${api.name} list /subscriptions: subscriptionTotalLicenses is missing from all ${met.lacking} rows`,
      );
    }
  },
});
