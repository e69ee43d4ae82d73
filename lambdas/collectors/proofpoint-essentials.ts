import * as z from 'zod/mini';
import { collector, count, customer, excluded, failed, note, words } from '../counting/collector.ts';
import type { Fact } from '../counting/facts.ts';
import { find, flagOf, GuessedRow, numberOf, textOf } from '../counting/guessed-row.ts';
import type { VendorApi } from '../counting/vendor-api.ts';
import { number, text } from '../report/column.ts';
import { ReportError } from '../report/errors.ts';
import { headers } from '../wire/auth.ts';
import { single } from '../wire/paging.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';

const LICENCES = 'Proofpoint User Licenses';
const ACTIVE = 'Proofpoint Active Users';
const PACKAGE = 'Proofpoint Package';

/** Older and newer stacks spell these differently. */
const NAMES = {
  licences: ['user_licenses', 'user_licences'],
  trial: ['is_on_trial', 'on_trial'],
};

/** Organizations that have customers instead of users. */
const PARTNERS = new Set(['channel', 'channel_partner', 'strategic_partner', 'oem_partner']);

const Listing = z.object({ orgs: z.array(GuessedRow) });

const access = {
  stack: z.string().check(z.regex(/^[a-z]{2}\d{1,2}$/iu, 'expected a stack such as us1 or eu1')),
  /** Primary domain of the partner's own organization. */
  partnerDomain: z.string().check(z.regex(/^[^\s@/]+\.[^\s@/.]+$/u, 'expected a domain')),
  username: z.string(),
  password: z.string(),
};
const Access = z.strictObject(access);
type Access = z.output<typeof Access>;

const baseOf = (stack: string): string => `https://${stack.toLowerCase()}.proofpointessentials.com/api/v1`;

export default collector({
  id: 'proofpoint-essentials',
  name: 'Proofpoint Essentials',
  position: 130,
  customerId: {
    name: '`primary_domain` or `eid`',
    schema: z.pipe(
      z.string().check(z.regex(/^\s*(\d+|[^\s@/]+\.[^\s@/.]+)\s*$/u, 'expected a domain, or the digits of an eid')),
      z.transform((id) => id.trim().toLowerCase()),
    ),
  },
  secret: z.strictObject({
    ...z.partial(Access).shape,
    /** Instead of the four: one entry for each stack that has customers. */
    stacks: z.optional(z.array(Access).check(z.minLength(1))),
  }),
  configuration: z.strictObject({}),
  columns: [
    number(LICENCES, 'user licences of the organization: what is owed where they are prepaid for the year'),
    number(ACTIVE, 'active users that Proofpoint counts: what is owed where consumption is billed'),
    text(PACKAGE, 'package of the organization, in the words of the API'),
  ],
  check: ({ stacks, ...one }) => {
    const missing = Object.keys(access).filter((name) => !Object.hasOwn(one, name));
    if (stacks === undefined) return missing.map((name) => `${name}: expected, or a list of them as stacks`);
    return missing.length < 4 ? ['stacks: expected alone, without stack, partnerDomain, username and password'] : [];
  },
  setup: {
    create: "an administrator of its own for the report, in the console of the partner's organization, on each stack",
    rights: 'partner administrator (channel, strategic or OEM), without interactive sign-in (MFA)',
  },
  api: (settings) => ({
    name: 'Proofpoint Essentials',
    base: baseOf(accessesOf(settings)[0]?.stack ?? ''),
    hosts: ['*.proofpointessentials.com'],
    auth: headers({}),
    headers: { 'x-terms-update': 'true' },
    limit: { concurrency: 2 },
    // Large partners take their time.
    timeoutSeconds: 120,
    renewal: 'put it right before the next run, because repeated refusals may lock the account',
  }),
  async *collect(api, settings) {
    const owners = new Map<string, string>();
    for (const { stack, partnerDomain, username, password } of accessesOf(settings)) {
      const own = api.with({ base: baseOf(stack), auth: headers({ 'x-user': username, 'x-password': password }) });
      const home = partnerDomain.toLowerCase();
      const visited = new Set([home]);
      const partners: string[] = [];
      try {
        for await (const fact of listed(own, stack, partnerDomain, { visited, partners, owners })) {
          yield fact;
          if (fact.fact === 'customer' && fact.id === home) yield excluded(home, "the partner's own organization");
        }
      } catch (error) {
        if (!(error instanceof RefusedAnswer && error.status === 404)) throw error;
        const told = `stack ${stack} does not know ${partnerDomain}: correct stack or partnerDomain in the secret`;
        throw new ReportError('ConfigurationError', `proofpoint-essentials: ${told}`, { cause: error });
      }
      yield* own.each(
        partners,
        (partner) => partner,
        async function* (partner) {
          const below = [partner];
          for (let next = below.pop(); next !== undefined; next = below.pop()) {
            yield* listed(own, stack, next, { visited, partners: below, owners });
          }
        },
        `partner on ${stack}`,
      );
    }
  },
});

/** One stack or several, as the secret has it; `check` has seen that it is one of the two. */
const accessesOf = ({
  stacks,
  ...one
}: { [member in keyof Access]?: string | undefined } & { stacks?: Access[] | undefined }): Access[] =>
  stacks ?? [z.parse(Access, one)];

/**
 * The organizations right below `domain`. Partners among them go to `partners`, each once: their customers may stand in their own
 * list. `owners` says by eid which organization was listed: whether stacks share one series of eids is not documented.
 */
async function* listed(
  api: VendorApi,
  stack: string,
  domain: string,
  { visited, partners, owners }: { visited: Set<string>; partners: string[]; owners: Map<string, string> },
): AsyncGenerator<Fact> {
  const list = { list: `/orgs/${domain}/orgs on ${stack}`, page: Listing };
  const rows = api.pages(
    `/orgs/${encodeURIComponent(domain)}/orgs`,
    { ...list, rows: ({ orgs }) => orgs, key: (row) => textOf(row, ['eid', 'primary_domain'], 'organization') },
    single(),
  );
  for await (const row of rows) {
    const id = textOf(row, ['primary_domain'], 'organization').toLowerCase();
    yield* factsOf(id, row);
    const eid = String(find(row, ['eid']) ?? id);
    const owner = owners.get(eid) ?? id;
    owners.set(eid, owner);
    if (owner !== id) {
      const told = `eid ${eid} stands for ${owner} and for ${id}: claim them by their domains, or both are added up`;
      for (const either of [owner, id]) yield note(told, either);
    }
    if (visited.has(id) || !PARTNERS.has(String(find(row, ['type'])))) continue;
    visited.add(id);
    partners.push(id);
  }
}

/** What is counted of one organization. The same one seen twice counts once; a member that is missing fails it alone. */
function* factsOf(id: string, row: GuessedRow): Generator<Fact> {
  const eid = find(row, ['eid']);
  const key = String(eid ?? id);
  yield customer(id, String(find(row, ['name']) || id), eid === undefined ? [] : [key]);
  try {
    const type = textOf(row, ['type'], id);
    if (PARTNERS.has(type)) {
      yield excluded(id, 'a partner: its customers are listed in its stead');
    } else if (type !== 'organization') {
      yield excluded(id, `organizations of type ${type} are not known`);
    } else if (!flagOf(row, ['is_active'], id)) {
      yield excluded(id, 'it is not active');
    } else {
      yield words(id, PACKAGE, textOf(row, ['licensing_package'], id));
      const licences = numberOf(row, NAMES.licences, id);
      const active = numberOf(row, ['active_users'], id);
      if (flagOf(row, NAMES.trial, id)) {
        yield note(`on trial, so shown as 0: ${active} active users`, id);
      } else {
        yield count(id, LICENCES, licences, key);
        yield count(id, ACTIVE, active, key);
      }
    }
  } catch (error) {
    yield failed(id, error);
  }
}
