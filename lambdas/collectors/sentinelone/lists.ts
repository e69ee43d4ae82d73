import * as z from 'zod/mini';
import { longDigits } from '../../counting/ids.ts';
import { aside, figure, itself, owner, usual } from '../../counting/row-forms.ts';
import { filled, maybe, textLike } from '../../wire/forms.ts';
import { cursor, type ListPaging } from '../../wire/list-paging.ts';
import { list, listOf, type RowOf } from '../../wire/lists.ts';
import { valueAt } from '../../wire/place.ts';

export const consoleUrl = textLike(
  /^https:\/\/(?!console\.)[a-z0-9-]+(\.[a-z0-9-]+)*\.sentinelone\.net(\/[!-~]*)?$/iu,
  'the address of your own console, https://….sentinelone.net',
);

const account = {
  id: itself(longDigits),
  name: aside(z.string()),
  state: z.string(),
  accountType: z.string(),
  externalId: aside(z.string()),
};

const bundles = z.object({ bundles: z.array(z.object({ displayName: filled })) });

const site = {
  id: longDigits,
  name: aside(z.string()),
  accountId: longDigits,
  state: z.string(),
  siteType: z.string(),
  isDefault: aside(z.boolean()),
  activeLicenses: figure(z.int().check(z.minimum(0))),
  // In bundles -1 means unlimited.
  totalLicenses: figure(z.int().check(z.minimum(-1))),
  unlimitedLicenses: figure(z.boolean()),
  licenses: usual(figure(bundles), 'the SKU is shown instead of its bundles'),
  sku: figure(maybe(z.string())),
  externalId: aside(z.string()),
};

const withSku = z.refine<{ licenses?: unknown; sku?: unknown }>(
  ({ licenses, sku }) => licenses !== undefined || sku !== undefined,
  { path: ['licenses'], error: 'both licenses.bundles and sku are missing' },
);

const siteItself = z.object({ ...site, id: itself(longDigits) }).check(withSku);
const siteOfAccount = z.object({ ...site, accountId: owner(longDigits) }).check(withSku);

export const accountsOf = (accountIds: readonly string[] | undefined) =>
  list('/accounts', account, paged('data', accountIds));

/**
 * The sites of a console. `onTotal` gets the active licences of `allSites`, which covers more than the sites listed.
 */
export const sitesOf = (
  customerLevel: 'site' | 'account',
  accountIds: readonly string[] | undefined,
  onTotal: (activeLicenses: number) => void,
) => {
  const paging = paged('data.sites', accountIds, 'id');
  const rowsOf = (answer: unknown) => {
    const total = valueAt(answer, 'data.allSites.activeLicenses');
    if (typeof total === 'number') onTotal(total);
    return paging.rowsOf(answer);
  };
  return listOf('/sites', customerLevel === 'site' ? siteItself : siteOfAccount, { ...paging, rowsOf });
};

export type Site = RowOf<ReturnType<typeof sitesOf>>;

function paged(at: string, accountIds: readonly string[] | undefined, sortBy?: string): ListPaging {
  const query = { states: 'active,expired', sortBy, limit: 1000, accountIds: accountIds?.join(',') };
  const byCursor = cursor(at, 'cursor', 'pagination.nextCursor', { query });
  // Later pages can declare 0 items; only a larger figure has a meaning.
  const declared = (answer: unknown) => {
    const total = valueAt(answer, 'pagination.totalItems');
    return { rows: typeof total === 'number' && total > 0 ? total : undefined };
  };
  return { ...byCursor, paging: { ...byCursor.paging, declared } };
}
