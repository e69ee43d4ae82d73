import { number, numberWhenUsed } from '../counting/columns.ts';
import { dropsuiteOrganization } from '../counting/ids.ts';
import { sees } from '../counting/rights.ts';
import { vendor } from '../counting/vendor.ts';
import { headers } from '../wire/auth.ts';
import { textLike } from '../wire/forms.ts';
import { flag, required } from '../wire/options.ts';
import { MAY_HIDE } from '../wire/paging.ts';
import { readOrganizations } from './dropsuite/users.ts';

export default vendor({
  id: 'dropsuite',
  name: 'Dropsuite',
  position: 150,
  customerId: { name: '`id` or `organization_id`', schema: dropsuiteOrganization },
  columns: {
    active: number('Active Seats', `seats that are being backed up now (where ${MAY_HIDE})`),
    used: number('Used Seats', 'seats in use, including deactivated ones whose backups are kept'),
    // `seats_available` misleads: it is what was bought, not what is left.
    available: number('Available Seats', 'seats that were bought (the capacity, not what is left)'),
    paidShared: number('Paid Shared Mailboxes', 'shared mailboxes that are paid for'),
    freeShared: numberWhenUsed('Free Shared Mailboxes', 'shared mailboxes that are free of charge'),
  },
  secret: {
    resellerToken: required('Reseller Token, a UUID'),
    authenticationToken: required('Authentication Token of the reseller, not of one customer'),
  },
  configuration: {
    baseUrl: required(
      "the portal's own address, which differs by region and brand",
      textLike(/^https:\/\/[a-z0-9.-]+(\/[\w./-]*)?$/iu, 'the address of the portal, https://…/api'),
    ),
    excludeSuspended: flag('leave out suspended organizations too; they may still be billed'),
  },
  setup: {
    create:
      'partner portal > Settings > API Settings: Reseller Token (a UUID), Authentication Token and the address (`baseUrl`)',
    rights: [
      sees(
        'the reseller-wide tokens (the Secret Token is not needed)',
        'partner portal > Settings > API Settings',
        '/users',
        { page: 1, per_page: 1 },
      ),
    ],
  },
  api: ({ baseUrl, resellerToken, authenticationToken }) => ({
    base: `${baseUrl.replace(/\/+$/u, '').replace(/\/api$/u, '')}/api`,
    auth: headers({ 'x-reseller-token': resellerToken, 'x-access-token': authenticationToken }),
    limit: { requests: 5, perSeconds: 1, concurrency: 1 },
    limitedSeconds: 60,
    renewal: 'use the Authentication Token of API Settings, not the token of one customer',
  }),
  async *collect(verbs, { excludeSuspended }) {
    const { customer, identity, hides, excluded, failed, note } = verbs;
    const organizations = yield* readOrganizations(verbs);
    for (const [organization, { speaker, doubt, ids, isHidden }] of organizations) {
      const { organization_name } = speaker;
      const [id = organization] = ids;
      const figures = {
        active: speaker.active_seats,
        used: speaker.seats_used,
        available: speaker.seats_available,
        paidShared: speaker.paid_shared_mailboxes,
        freeShared: speaker.free_shared_mailboxes,
      };
      // NinjaOne appends a marker to the name.
      const name = organization_name
        ?.trim()
        .replace(/\[[0-9a-f]+\]$/iu, '')
        .trim();
      yield customer(id, name, figures, [organization, ...ids]);
      yield identity(id, { references: [speaker.external_id] });
      if (isHidden) yield hides(id);
      if (doubt !== undefined) yield failed(id, doubt);
      if (speaker.customer_deactivated === true) yield excluded(id, 'it is deactivated');
      if (speaker.flg_suspended !== true) continue;
      yield excludeSuspended ? excluded(id, 'it is suspended') : note('it is suspended, and counted', id);
    }
  },
});
