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
 * Reads an inbox's kind from the fields `members`: shared if any of them says so; undefined if it has none of them.
 * Errors: `VendorContractError` if one is neither text nor boolean.
 */
export function inboxKind(inbox: GuessedRow, members: readonly string[]): 'shared' | 'user' | UnknownWord | undefined {
  const values = members.map((name) => find(inbox, [name])).filter((value) => value !== undefined);
  if (!values.every((value) => typeof value === 'boolean' || typeof value === 'string')) {
    throw new ReportError(
      'VendorContractError',
      `Cork inbox: expected a text or a yes or no as ${members.join(' or ')} (fields seen: ${Object.keys(inbox).join(', ')})`,
    );
  }
  const kinds = values.map((value) => kindOf(String(value)));
  return kinds.find((kind) => kind === 'shared') ?? kinds.find((kind) => kind === 'user') ?? kinds[0];
}
