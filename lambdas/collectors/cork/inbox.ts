import { find, type GuessedRow } from '../../counting/guessed-row.ts';
import { type UnknownWord, words } from '../../counting/words.ts';
import { ReportError } from '../../report/errors.ts';

/** Kinds, and flags that show whether an inbox is shared. */
const kindOf = words('inbox type', {
  shared: ['shared', 'shared mailbox', 'shared inbox', 'true'],
  user: [
    ...['user', 'user mailbox', 'mailbox', 'person', 'individual', 'regular', 'standard', 'licensed', 'licenced'],
    ...['unshared', 'non shared', 'not shared', 'false'],
  ],
});

/**
 * What an inbox is by whichever of `members` knows: shared if one says so; undefined if it has none of them.
 * Errors: `VendorContractError` if one is neither a text nor a yes or no.
 */
export function inboxKind(inbox: GuessedRow, members: readonly string[]): 'shared' | 'user' | UnknownWord | undefined {
  const given = members.map((name) => find(inbox, [name])).filter((value) => value !== undefined);
  if (!given.every((value) => typeof value === 'boolean' || typeof value === 'string')) {
    throw new ReportError(
      'VendorContractError',
      `Cork inbox: expected a text or a yes or no as ${members.join(' or ')} (fields seen: ${Object.keys(inbox).join(', ')})`,
    );
  }
  const kinds = given.map((value) => kindOf(String(value)));
  return kinds.find((kind) => kind === 'shared') ?? kinds.find((kind) => kind === 'user') ?? kinds[0];
}
