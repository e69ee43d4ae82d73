import * as z from 'zod/mini';
import { aside } from '../../counting/row-forms.ts';
import type { VendorApi } from '../../counting/vendor-api.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { words } from '../../counting/words.ts';
import { ReportError } from '../../report/errors.ts';
import { maybe } from '../../wire/forms.ts';
import { list } from '../../wire/lists.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { byToken } from './paging.ts';

const accounts = list('/accounts', { id: z.int(), name: aside(z.string()), status: z.string() }, byToken('accounts'));

/** The owner of the key; the other kinds are absent or null. */
const Actor = z.object({ reseller: maybe(z.looseObject({})) });

/**
 * A list of organizations; `disabled`: the name of its account, if that is disabled; `doubt`: why it is not known
 * whether it is.
 */
export type Place = { path: string; disabled?: string; doubt?: string };

type Asking = Verbs<never>;

/**
 * The lists that the key reads: that of its own account, or those of a reseller's accounts.
 * Errors: `ConfigurationError` if `accountIds` are named and the key does not see them.
 */
export async function placesOf(asking: Asking, accountIds: readonly string[] | undefined): Promise<Place[]> {
  const reseller = accountIds !== undefined || (await isReseller(asking));
  const places = reseller ? await placesOfReseller(asking, accountIds) : undefined;
  return places ?? [{ path: '/organizations' }];
}

/** Checked first, because a reseller's key can read the reseller's own account, which would look like everything. */
async function isReseller({ api }: Pick<Asking, 'api'>): Promise<boolean> {
  try {
    return Boolean((await api.get('/actor', { schema: Actor })).reseller);
  } catch (error) {
    if (isBarred(error)) return false;
    throw error;
  }
}

/** Undefined if the key reads no accounts: it belongs to an account sold by a reseller. */
async function placesOfReseller(
  { rows }: Asking,
  accountIds: readonly string[] | undefined,
): Promise<Place[] | undefined> {
  const seen = new Map<string, { name?: string | null | undefined; status: string }>();
  try {
    for await (const { id, ...account } of rows(accounts)) seen.set(String(id), account);
  } catch (error) {
    if (!isBarred(error)) throw error;
    if (accountIds === undefined) return undefined;
    throw badSecret(
      `the key belongs to no reseller, so it cannot read by account; leave accountIds out (${error.message})`,
    );
  }
  const unseen = accountIds?.filter((id) => !seen.has(id)) ?? [];
  if (unseen.length > 0) throw badSecret(`accountIds: the key does not see account ${unseen.join(', ')}`);
  const wanted = new Set(accountIds ?? seen.keys());
  return [...seen].flatMap(([id, { name, status }]) => {
    if (!wanted.has(id)) return [];
    const path = `/accounts/${id}/organizations`;
    const standing = standingOf(status);
    if (standing === 'enabled') return [{ path }];
    if (standing === 'disabled') return [{ path, disabled: name || id }];
    return [{ path, doubt: `its account "${name || id}": ${standing.reason}` }];
  });
}

const standingOf = words('status', { enabled: ['enabled'], disabled: ['disabled'] });

/** Reads one row, to check the key's rights. */
export async function tryOut(api: VendorApi): Promise<unknown> {
  const query = { limit: 1 };
  try {
    if (await isReseller({ api })) return await api.send('GET', accounts.path, { query });
  } catch (error) {
    if (!isBarred(error)) throw error;
  }
  return api.send('GET', '/organizations', { query });
}

/** True for the answers with which Huntress refuses a key: 403, and sometimes 404. */
const isBarred = (error: unknown): error is RefusedAnswer =>
  error instanceof RefusedAnswer && (error.status === 403 || error.status === 404);

const badSecret = (sentence: string): ReportError =>
  new ReportError('ConfigurationError', `secrets/huntress.json: ${sentence}`, { wide: true });
