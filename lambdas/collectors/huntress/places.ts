import * as z from 'zod/mini';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { ReportError } from '../../report/errors.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { Pagination, pages } from './pages.ts';

const Account = z.object({ id: z.int(), name: z.string(), status: z.string() });
const Accounts = z.object({ accounts: z.array(Account), pagination: Pagination });

/** Whose key it is; what it is not, is absent or null. */
const Actor = z.object({ reseller: z.optional(z.nullable(z.looseObject({}))) });

/** A list of organizations; `disabled` is the name of the account that it belongs to, where that account is disabled. */
export type Place = { path: string; disabled?: string };

/** The list of the account that the key belongs to. */
export const OWN: Place = { path: '/organizations' };

/** True for the answers by which Huntress says that a key may not read this: a 404 may mean that too. */
const isBarred = (error: unknown): error is RefusedAnswer =>
  error instanceof RefusedAnswer && (error.status === 403 || error.status === 404);

/** Asked, because a reseller's key may read an account of the reseller's own, which would look like everything. */
export async function isReseller(api: VendorApi): Promise<boolean> {
  try {
    return Boolean((await api.get('/actor', { schema: Actor })).reseller);
  } catch (error) {
    if (isBarred(error)) return false;
    throw error;
  }
}

/**
 * The lists of the accounts that the key of a reseller reads; undefined where it reads none (the key of an account that a reseller
 * sold). Errors: `ConfigurationError` where `accountIds` are named and the key does not see them.
 */
export async function placesOfReseller(
  api: VendorApi,
  accountIds: readonly string[] | undefined,
): Promise<Place[] | undefined> {
  const accounts = new Map<string, z.output<typeof Account>>();
  const list = { page: Accounts, rows: (page: z.output<typeof Accounts>) => page.accounts, key: idOf };
  try {
    for await (const account of api.pages('/accounts', list, pages())) accounts.set(String(account.id), account);
  } catch (error) {
    if (!isBarred(error)) throw error;
    if (accountIds === undefined) return undefined;
    throw misread(
      `the key belongs to no reseller, so it cannot read by account; leave accountIds out (${error.message})`,
    );
  }
  const unseen = accountIds?.filter((id) => !accounts.has(id)) ?? [];
  if (unseen.length > 0) throw misread(`accountIds: the key does not see account ${unseen.join(', ')}`);
  const wanted = new Set(accountIds ?? accounts.keys());
  return [...accounts].flatMap(([id, { name, status }]) => {
    if (!wanted.has(id)) return [];
    const path = `/accounts/${id}/organizations`;
    return [status === 'disabled' ? { path, disabled: name } : { path }];
  });
}

const idOf = (row: { id: number }): number => row.id;

const misread = (sentence: string): ReportError =>
  new ReportError('ConfigurationError', `secrets/huntress.json: ${sentence}`, { wide: true });
