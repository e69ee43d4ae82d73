import * as z from 'zod/mini';
import { anyId, collector, count, customer, excluded, failed, gap, note } from '../counting/collector.ts';
import { Presence } from '../counting/presence.ts';
import { number, numberWhenUsed } from '../report/column.ts';
import { ReportError } from '../report/errors.ts';
import { headers } from '../wire/auth.ts';
import { MAY_HIDE, type Paging } from '../wire/paging.ts';

/** Column by member. The name `seats_available` misleads: it is what was bought, not what is left. */
const COLUMNS = {
  active_seats: 'Dropsuite Active Seats',
  seats_used: 'Dropsuite Used Seats',
  seats_available: 'Dropsuite Available Seats',
  paid_shared_mailboxes: 'Dropsuite Paid Shared Mailboxes',
  free_shared_mailboxes: 'Dropsuite Free Shared Mailboxes',
} as const;

const PAGE_SIZE = 100;

/** Null is what cannot be read: it leaves one cell open, or fails one customer, instead of them all. */
const seats = z.catch(
  z.nullable(
    z.pipe(
      z.union([z.number(), z.string().check(z.regex(/^\d+$/u))]),
      z.pipe(z.transform(Number), z.int().check(z.minimum(0))),
    ),
  ),
  null,
);
const flag = z.catch(z.nullable(z.boolean()), null);

/** Only these members leave a row: it also holds the API token of its customer, which must go no further. */
const Entry = z.object({
  id: anyId,
  organization_id: z.optional(z.nullable(anyId)),
  organization_name: z.optional(z.nullable(z.string())),
  admin: z.optional(z.nullable(z.boolean())),
  customer_deactivated: flag,
  flg_suspended: z.optional(z.nullable(z.boolean())),
  active_seats: seats,
  seats_used: seats,
  seats_available: seats,
  paid_shared_mailboxes: seats,
  free_shared_mailboxes: seats,
});
type Entry = z.output<typeof Entry>;

const Pagination = z.optional(
  z.nullable(
    z.object({
      current_page: z.optional(z.nullable(z.int())),
      total_pages: z.optional(z.nullable(z.int())),
      total_entries: z.optional(z.nullable(z.int())),
      next_page: z.optional(z.nullable(z.int())),
    }),
  ),
);

const Page = z.pipe(
  z.transform(unwrapped),
  z.object({ rows: z.array(z.looseObject({ id: anyId })), pagination: Pagination }),
);
type Page = z.output<typeof Page>;

/** Deployments wrap the same rows differently: not at all, as `result_set` or `data`, or as a list of `result_set`s. */
function unwrapped(answer: unknown): unknown {
  if (Array.isArray(answer)) {
    const parts: unknown[] = answer;
    const wrapped = parts.filter(isObject).filter(({ result_set }) => Array.isArray(result_set));
    if (wrapped.length === 0 || wrapped.length < parts.length) return { rows: parts };
    return { rows: wrapped.flatMap(({ result_set }) => result_set), pagination: wrapped.at(-1)?.pagination };
  }
  if (!isObject(answer)) return answer;
  return { rows: answer.result_set ?? answer.data, pagination: answer.pagination };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Pages by number, to whatever end this deployment shows. One that takes no notice of the number sends the same rows again. */
const pages = (onRepeat: () => void): Paging<Page> => ({
  first: { page: 1, per_page: PAGE_SIZE },
  judgesRepeats: true,
  byPosition: true,
  declared: ({ pagination }) => ({ rows: pagination?.total_entries ?? undefined }),
  step: ({ body: { pagination }, keys, index, received, fresh }) => {
    if (keys.length === 0) return { end: 'an empty page' };
    if (fresh === 0) {
      // More rows than asked for are all there are; no more than that may be all or the first of them.
      if (keys.length <= PAGE_SIZE) onRepeat();
      return { end: 'a page that brought nothing new' };
    }
    const { next_page, current_page, total_pages } = pagination ?? {};
    const next = { next: { query: { page: next_page ?? index + 2, per_page: PAGE_SIZE } } };
    if (typeof next_page === 'number') return next;
    if (typeof current_page === 'number' && typeof total_pages === 'number') {
      return current_page < total_pages ? next : { end: 'the last declared page' };
    }
    return isFull(keys.length, index, received) ? next : { end: 'a page that is not full' };
  },
});

/**
 * How many rows a page may have is not documented. A server that gives fewer than asked for gives a round number of them on each
 * page, so a first page of any other size is the whole list, and a later one that is shorter than those before it is the last.
 */
const isFull = (rows: number, index: number, received: number): boolean =>
  rows >= PAGE_SIZE || (index === 0 ? rows % 5 === 0 : rows * index >= received - rows);

export default collector({
  id: 'dropsuite',
  name: 'Dropsuite',
  position: 150,
  customerId: {
    name: '`id` or `organization_id`',
    schema: z.pipe(anyId, z.string().check(z.regex(/^\d+(-\d+)?$/u, 'expected digits, or digits-digits'))),
  },
  secret: z.strictObject({ resellerToken: z.string(), authenticationToken: z.string() }),
  configuration: z.strictObject({
    /** The portal's own address; it differs by region and brand. */
    baseUrl: z
      .string()
      .check(z.regex(/^https:\/\/[a-z0-9.-]+(\/[\w./-]*)?$/iu, 'expected the address of the portal, https://…/api')),
    /** Leave out suspended organizations too; they may still be billed. */
    excludeSuspended: z._default(z.boolean(), false),
  }),
  columns: [
    number(COLUMNS.active_seats, `seats that are being backed up now (where ${MAY_HIDE})`),
    number(COLUMNS.seats_used, 'seats in use, the deactivated ones with kept backups included'),
    number(COLUMNS.seats_available, 'seats that were bought (the capacity, not what is left of it)'),
    number(COLUMNS.paid_shared_mailboxes, 'shared mailboxes that are paid for'),
    numberWhenUsed(COLUMNS.free_shared_mailboxes, 'shared mailboxes that are free of charge'),
  ],
  setup: {
    create:
      'partner portal > Settings > API Settings: Reseller Token (a UUID), Authentication Token and the address (`baseUrl`)',
    rights: 'the reseller-wide tokens; the Secret Token is not needed',
  },
  api: ({ baseUrl, resellerToken, authenticationToken }) => ({
    name: 'Dropsuite',
    base: `${baseUrl.replace(/\/+$/u, '').replace(/\/api$/u, '')}/api`,
    auth: headers({ 'x-reseller-token': resellerToken, 'x-access-token': authenticationToken }),
    limit: { requests: 5, perSeconds: 1, concurrency: 1 },
    limitedSeconds: 60,
    renewal: 'use the Authentication Token of API Settings, not the token of one customer',
  }),
  async *collect(api, { excludeSuspended }) {
    let repeated = false;
    const presence = new Presence({
      organization_id: 'users of one organization cannot be told from organizations of their own',
      admin: 'of several users of an organization, the one with the most seats speaks for it',
    });
    const chosen = new Map<string, { entry: Entry; ids: Set<string> }>();
    const onRepeat = () => {
      repeated = true;
    };
    const content = (row: unknown) => z.safeParse(Entry, row).data;
    const list = { page: Page, rows: (page: Page) => page.rows, key: ({ id }: { id: string }) => id, content };
    const rows = api.pages('/users', list, pages(onRepeat));
    for await (const row of rows) {
      const entry = api.check(Entry, row, 'organization');
      presence.see(entry);
      const organization = entry.organization_id ?? entry.id;
      const known = chosen.get(organization);
      const ids = (known?.ids ?? new Set()).add(entry.id);
      chosen.set(organization, {
        entry: known === undefined || speaksBefore(entry, known.entry) ? entry : known.entry,
        ids,
      });
    }
    yield* presence.notes('users');
    if (repeated) {
      yield note(
        `this address takes no notice of page numbers: whether there are more than ${chosen.size} organizations is not known`,
      );
    }

    for (const [organization, { entry, ids }] of chosen) {
      const name = entry.organization_name?.replace(/\s*\[[0-9a-f]+\]\s*$/iu, '').trim();
      yield customer(entry.id, name || entry.id, [organization, ...ids]);
      if (entry.customer_deactivated === null) {
        const untold = 'Dropsuite does not say customer_deactivated: whether it is a customer still is not known';
        yield failed(entry.id, new ReportError('VendorContractError', untold));
      }
      if (entry.customer_deactivated === true) yield excluded(entry.id, 'it is deactivated');
      if (entry.flg_suspended === true) {
        yield excludeSuspended ? excluded(entry.id, 'it is suspended') : note('it is suspended, and counted', entry.id);
      }
      for (const member of Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]) {
        const value = entry[member];
        if (value !== null) yield count(entry.id, COLUMNS[member], value);
        else yield gap(entry.id, COLUMNS[member], 'failed', `Dropsuite does not say ${member}`);
      }
    }
  },
});

/** Several users of one organization carry its figures: a live one speaks for it, an administrator first, then whoever has the most seats. */
function speaksBefore(a: Entry, b: Entry): boolean {
  if ((a.customer_deactivated === true) !== (b.customer_deactivated === true)) return b.customer_deactivated === true;
  if ((a.admin === true) !== (b.admin === true)) return a.admin === true;
  const used = ({ seats_used }: Entry): number => seats_used ?? -1;
  return used(a) === used(b) ? a.id < b.id : used(a) > used(b);
}
