import * as z from 'zod/mini';
import { number, text } from '../counting/columns.ts';
import { domainOrEid } from '../counting/ids.ts';
import { vendor } from '../counting/vendor.ts';
import { ReportError } from '../report/errors.ts';
import { headers } from '../wire/auth.ts';
import { eitherOf, required } from '../wire/options.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';
import { type Access, access, accessesOf, baseOf, credentialsOf } from './proofpoint-essentials/access.ts';
import { OrganizationFacts } from './proofpoint-essentials/facts.ts';
import { organizationsBelow } from './proofpoint-essentials/organization.ts';

export default vendor({
  id: 'proofpoint-essentials',
  name: 'Proofpoint Essentials',
  prefix: 'Proofpoint',
  position: 130,
  customerId: { name: '`primary_domain` or `eid`', schema: domainOrEid },
  secret: eitherOf(access, {
    stacks: required(
      'where customers are on several stacks: a list of the four, one entry for each stack',
      z.array(z.strictObject(access)).check(z.minLength(1)),
    ),
  }),
  configuration: {},
  columns: {
    licences: number(
      'User Licenses',
      'user licences of the organization: what is owed where they are prepaid for the year',
    ),
    active: number('Active Users', 'active users that Proofpoint counts: what is owed where consumption is billed'),
    package: text('Package', 'package of the organization, in the words of the API'),
  },
  setup: {
    create: "an administrator of its own for the report, in the console of the partner's organization, on each stack",
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
    // Large partners take their time.
    timeoutSeconds: 120,
    renewal: 'put it right before the next run, because repeated refusals may lock the account',
  }),
  async *collect(verbs, settings) {
    const facts = new OrganizationFacts(verbs);
    for (const here of accessesOf(settings)) {
      const { read, each } = verbs.through(verbs.api.with(credentialsOf(here)));
      const home = here.partnerDomain.toLowerCase();
      const visited = new Set([home]);
      /** The organizations right below `partner`; partners among them go to `below`, each once. */
      const listed = (partner: string, below: string[]) =>
        read(organizationsBelow(partner, here.stack), (row) => {
          const { primary_domain: id, name } = row;
          if (id === home)
            return [verbs.customer(id, name || id), verbs.excluded(id, "the partner's own organization")];
          return facts.of(row, () => {
            if (!visited.has(id)) below.push(id);
            visited.add(id);
          });
        });

      const partners: string[] = [];
      try {
        yield* listed(here.partnerDomain, partners);
      } catch (error) {
        throw isUnknownHere(error) ? wrongStack(here, error) : error;
      }
      const readAll = async function* (top: string) {
        const below = [top];
        for (let next = below.pop(); next !== undefined; next = below.pop()) yield* listed(next, below);
      };
      yield* each(partners, (id) => id, readAll, `partner on ${here.stack}`);
    }
  },
});

const isUnknownHere = (error: unknown): boolean => error instanceof RefusedAnswer && error.status === 404;

const wrongStack = ({ stack, partnerDomain }: Access, cause: unknown): ReportError =>
  new ReportError(
    'ConfigurationError',
    `proofpoint-essentials: stack ${stack} does not know ${partnerDomain}: correct stack or partnerDomain in the secret`,
    { cause },
  );
