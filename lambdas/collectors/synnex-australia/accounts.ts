import type { Fact } from '../../counting/facts.ts';
import { find, GuessedRow, textOf } from '../../counting/guessed-row.ts';
import type { VendorApi } from '../../counting/vendor-api.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { ReportError } from '../../report/errors.ts';
import type { ListOf } from '../../wire/lists.ts';
import { valueAt } from '../../wire/place.ts';

type Names = readonly string[];

/** The customers listed: their accounts by code, and their codes by the id that an account may name instead. */
export type Companies = { accounts: Map<string, string[]>; codes: ReadonlyMap<string, string> };

/** How an account names its company, and itself. */
export type AccountRules = {
  members: Record<'accountCompanyCode' | 'accountCompanyId', Names>;
  accountIdOf: (row: GuessedRow) => string;
  ignoreUnlinkedAccounts: boolean;
};

/** The accounts that a customer's row holds itself, at `place`. Errors: `VendorContractError` where there is no such list. */
export function nestedAccounts(
  api: VendorApi,
  row: GuessedRow,
  place: string,
  accountIdOf: AccountRules['accountIdOf'],
): string[] {
  const found = valueAt(row, place);
  if (Array.isArray(found)) {
    return found.map((account, index) => accountIdOf(api.check(GuessedRow, account, `customer, ${place} ${index}`)));
  }
  const seen = Object.keys(row).join(', ');
  throw new ReportError('VendorContractError', `${api.name} customer: no list at ${place} (members seen: ${seen})`);
}

/**
 * Gives each customer its accounts. A code that the list of customers does not hold becomes a customer of its own, for its
 * accounts are billed. Errors: `VendorContractError` for an account that nobody owns, and where not one has a listed customer:
 * then the codes of the two lists are not the same thing.
 */
export async function* linkAccounts(
  { rows, customer, note, leftOut }: Pick<Verbs<never>, 'rows' | 'customer' | 'note' | 'leftOut'>,
  list: ListOf<GuessedRow>,
  { accounts, codes }: Companies,
  { members, accountIdOf, ignoreUnlinkedAccounts }: AccountRules,
): AsyncGenerator<Fact> {
  const strangers = new Map<string, string[]>();
  let isLinked = false;
  let last: GuessedRow | undefined;
  for await (const row of rows(list)) {
    const isCoded = find(row, members.accountCompanyCode) !== undefined;
    const code = isCoded
      ? textOf(row, members.accountCompanyCode, 'Synnex Australia account')
      : codes.get(String(find(row, members.accountCompanyId)));
    const owned = code === undefined ? undefined : accounts.get(code);
    if (owned !== undefined) {
      owned.push(accountIdOf(row));
      isLinked = true;
    } else if (ignoreUnlinkedAccounts) yield leftOut('account', 'none of the customers listed owns it');
    else if (code === undefined) throw unowned(row);
    else {
      strangers.set(code, [...(strangers.get(code) ?? []), accountIdOf(row)]);
      last = row;
    }
  }
  if (!isLinked && last !== undefined) throw unowned(last);
  for (const [code, ids] of strangers) {
    accounts.set(code, ids);
    yield* customer(code, code);
    yield note('the list of customers does not hold this code: only its accounts name it', code);
  }
}

const unowned = (row: GuessedRow): ReportError =>
  new ReportError(
    'VendorContractError',
    'Synnex Australia list accounts: an account belongs to none of the customers listed ' +
      `(members seen: ${Object.keys(row).join(', ')}); say in members which one names its company, or set ignoreUnlinkedAccounts`,
  );
