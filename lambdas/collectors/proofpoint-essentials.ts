import * as z from 'zod/mini';
import { number, text } from '../counting/columns.ts';
import { domainOrEid } from '../counting/ids.ts';
import { vendor } from '../counting/vendor.ts';
import { headers } from '../wire/auth.ts';
import { eitherOf, required } from '../wire/options.ts';
import { access, accessesOf, baseOf, credentialsOf } from './proofpoint-essentials/access.ts';
import { OrganizationFacts } from './proofpoint-essentials/facts.ts';
import { organizationsBelow } from './proofpoint-essentials/organization.ts';
import { readStack } from './proofpoint-essentials/stack.ts';

export default vendor({
  id: 'proofpoint-essentials',
  name: 'Proofpoint Essentials',
  prefix: 'Proofpoint',
  position: 130,
  customerId: { name: '`primary_domain` or `eid`', schema: domainOrEid },
  columns: {
    licences: number(
      'User Licenses',
      'user licences of the organization: what you owe if they are prepaid for the year',
    ),
    active: number('Active Users', 'active users that Proofpoint counts: what you owe if consumption is billed'),
    package: text('Package', 'package of the organization, as the API names it'),
  },
  secret: eitherOf(access, {
    stacks: required(
      'where customers are on several stacks: a list of the four, one entry for each stack',
      z.array(z.strictObject(access)).check(z.minLength(1)),
    ),
  }),
  configuration: {},
  setup: {
    create: "a separate administrator for the report, in the console of the partner's organization, on each stack",
    rights: [
      {
        right: 'partner administrator (channel, strategic or OEM), without interactive sign-in (MFA)',
        where: "console of the partner's organization > Users & Groups > the administrator",
        check: async (api, settings) => {
          for (const here of accessesOf(settings)) {
            const { path } = organizationsBelow(here.partnerDomain, here.stack);
            await api.with(credentialsOf(here)).send('GET', path);
          }
        },
      },
    ],
  },
  api: (settings) => ({
    base: baseOf(accessesOf(settings)[0]?.stack ?? ''),
    hosts: ['*.proofpointessentials.com'],
    auth: headers({}),
    headers: { 'x-terms-update': 'true' },
    limit: { concurrency: 2 },
    // Answers for large partners are slow.
    timeoutSeconds: 120,
    renewal: 'fix this before the next run, because repeated refusals may lock the account',
  }),
  async *collect(verbs, settings) {
    const facts = new OrganizationFacts(verbs);
    for (const here of accessesOf(settings)) yield* readStack(verbs, here, facts);
  },
});
