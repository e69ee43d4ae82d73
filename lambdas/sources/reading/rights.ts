import type { Api } from '../../wire/api.ts';
import { type NamedRight, type OpenRight, rightsSentence, type UnseenRight } from '../../wire/rights.ts';
import type { Session } from '../../wire/session.ts';

/** What a probe sends requests with. */
export type Asked = { api: Api; redactor: Session['redactor'] };

/** Something that the key must be allowed to read, with the cheapest read-only call that needs it. */
export type SeenRight<S> = NamedRight & {
  check: (asked: Asked, settings: S) => Promise<unknown>;
  /** Whether these settings read something that needs it; absent if all do. */
  isNeeded?: (settings: S) => boolean;
};

export type SourceRight<S> = SeenRight<S> | UnseenRight;

/** Checked by one row of a list; `query` limits the list to it if the API allows. */
export const sees = (
  right: string,
  where: string,
  path: string,
  query: Record<string, string | number | boolean>,
): SeenRight<unknown> => ({ right, where, check: ({ api }) => api.send('GET', path, { query }) });

const isUnseen = (right: NamedRight): right is UnseenRight => 'unseen' in right;

/** The rights in one sentence for the documentation: those that can be checked, and those that no call shows. */
export function inWords(rights: readonly NamedRight[]): string {
  const seen = rights.filter((right) => !isUnseen(right));
  const places = new Set(seen.map(({ where }) => where));
  const unseen = rights
    .filter(isUnseen)
    .map(({ right, where, unseen }) => `${right} (${places.has(where) ? '' : `${where}; `}${unseen})`);
  return [rightsSentence(seen), ...(unseen.length === 0 ? [] : [`shown by no call: ${unseen.join(', ')}`])].join('; ');
}

/** The rights that these settings need: those that can be checked, and those that cannot. */
export function opened<S>(
  rights: readonly SourceRight<S>[],
  settings: S,
): { rights: OpenRight<Asked>[]; unseen: UnseenRight[] } {
  const isSeen = (right: SourceRight<S>): right is SeenRight<S> => !isUnseen(right);
  return {
    rights: rights
      .filter(isSeen)
      .filter(({ isNeeded }) => isNeeded?.(settings) ?? true)
      .map(({ right, where, check }) => ({ right, where, check: (asked) => check(asked, settings) })),
    unseen: rights.filter(isUnseen),
  };
}
