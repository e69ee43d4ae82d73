import type { Fact, Reading } from '../../counting/facts.ts';
import { GuessedRow, wordOf } from '../../counting/guessed-row.ts';
import { customerNamed } from '../../counting/guessed-subscriptions.ts';
import type { VendorApi } from '../../counting/vendor-api.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { ReportError } from '../../report/errors.ts';
import { distinct } from '../../report/order.ts';
import { valueAt } from '../../wire/place.ts';
import type { listsOf } from './lists.ts';

type Lists = Pick<ReturnType<typeof listsOf>, 'customers' | 'accounts' | 'codeOf' | 'accountIdOf'>;

type Names = readonly string[];

type Settings = {
  /** How a row names its company, and an account the company that it belongs to. */
  members: Record<'companyId' | 'companyName' | 'accountCompanyCode' | 'accountCompanyId', Names>;
  nestedAccounts?: string | undefined;
  ignoreUnlinkedAccounts: boolean;
};

/**
 * The listed customers: their accounts by code, and their codes by whatever an account can name them by (in any case)
 * and by id. What several customers have identifies none of them.
 */
type Companies = {
  accounts: Map<string, string[]>;
  spellings: ReadonlyMap<string, string | undefined>;
  codes: ReadonlyMap<string, string | undefined>;
};

/**
 * Lists the customers; returns the ids of their accounts, by company code. Errors: as of `nestedAccounts` or
 * `linkAccounts`.
 */
export async function* readAccounts(
  verbs: Verbs<never>,
  lists: Lists,
  settings: Settings,
): Reading<ReadonlyMap<string, readonly string[]>> {
  const { members, nestedAccounts: nested } = settings;
  const { customers, codeOf, accountIdOf } = lists;
  const accounts = new Map<string, string[]>();
  const spellings = new Map<string, string | undefined>();
  const codes = new Map<string, string | undefined>();
  let odd: unknown;
  yield* verbs.read(customers, function* (row) {
    const code = codeOf(row);
    const spelling = code.toLowerCase();
    spellings.set(spelling, spellings.has(spelling) ? undefined : code);
    const id = wordOf(row, members.companyId);
    if (id !== undefined) codes.set(id, codes.has(id) ? undefined : code);
    yield* customerNamed(verbs, code, row, members.companyName, 'members.companyName');
    try {
      accounts.set(code, nested === undefined ? [] : nestedAccounts(verbs.api, row, nested, accountIdOf));
    } catch (error) {
      odd = error;
      yield verbs.failed(code, error);
    }
  });
  // If no customer has its accounts there, the place is wrong, and not a customer.
  if (accounts.size === 0 && odd !== undefined) throw odd;
  if (nested === undefined) yield* linkAccounts(verbs, lists, { accounts, spellings, codes }, settings);
  else yield* refuseShared(verbs, accounts);
  return accounts;
}

/** Customers that hold the same account fail: it would count for each of them. */
function* refuseShared({ failed }: Verbs<never>, accounts: ReadonlyMap<string, readonly string[]>): Generator<Fact> {
  const held = [...accounts].flatMap(([code, ids]) => ids.map((id) => ({ code, id })));
  for (const [id, holders] of Map.groupBy(held, (account) => account.id)) {
    if (holders.length === 1) continue;
    const who = holders.map(({ code }) => code).join(' and ');
    for (const { code } of holders)
      yield failed(code, `${who} hold the same account ${id}, which would count for each of them`);
  }
}

/** The accounts inside a customer's row, at `place`. Errors: `VendorContractError` if there is no such list. */
function nestedAccounts(api: VendorApi, row: GuessedRow, place: string, accountIdOf: Lists['accountIdOf']): string[] {
  const value = valueAt(row, place);
  if (Array.isArray(value)) {
    const idAt = (account: unknown, index: number) =>
      accountIdOf(api.check(GuessedRow, account, `customer, ${place} ${index}`));
    return distinct(value.map(idAt));
  }
  const seen = Object.keys(row).join(', ');
  throw new ReportError('VendorContractError', `${api.name} customer: no list at ${place} (fields seen: ${seen})`);
}

/**
 * Gives each customer its accounts. A code that the list of customers does not hold becomes a customer of its own, for
 * its accounts are billed. Errors: `VendorContractError` for an account that nobody owns, and if none has a listed
 * customer, because then the two lists do not mean the same codes.
 */
async function* linkAccounts(
  { rows, customer, failed, note, leftOut }: Verbs<never>,
  { accounts: list, accountIdOf }: Lists,
  { accounts, spellings, codes }: Companies,
  { members, ignoreUnlinkedAccounts }: Settings,
): AsyncGenerator<Fact> {
  const listedAs = (code: string): string | undefined =>
    accounts.has(code) ? code : spellings.get(code.toLowerCase());
  const strangers = new Map<string, string[]>();
  let isLinked = false;
  let last: GuessedRow | undefined;
  for await (const row of rows(list)) {
    const written = wordOf(row, members.accountCompanyCode);
    const byCode = written === undefined ? undefined : listedAs(written);
    const code = byCode ?? codes.get(wordOf(row, members.accountCompanyId) ?? '') ?? written;
    const owned = code === undefined ? undefined : accounts.get(code);
    if (owned === undefined && ignoreUnlinkedAccounts) {
      yield leftOut('account', 'no listed customer owns it');
      continue;
    }
    if (code === undefined) throw unowned(row);
    const ids = owned ?? strangers.get(code) ?? [];
    if (owned === undefined) {
      strangers.set(code, ids);
      last = row;
    } else isLinked = true;
    try {
      ids.push(accountIdOf(row));
    } catch (error) {
      yield failed(code, error);
    }
  }
  if (!isLinked && last !== undefined) throw unowned(last);
  for (const [code, ids] of strangers) {
    accounts.set(code, ids);
    yield* customer(code, code);
    yield note('the list of customers does not contain this code: only its accounts name it', code);
  }
}

const unowned = (row: GuessedRow): ReportError =>
  new ReportError(
    'VendorContractError',
    'Synnex Australia list accounts: an account belongs to no listed customer ' +
      `(fields seen: ${Object.keys(row).join(', ')}); set in members which field names its company, or set ignoreUnlinkedAccounts`,
  );
