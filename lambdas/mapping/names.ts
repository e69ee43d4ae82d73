import { splitLegalForm } from './legal-forms.ts';

/**
 * A company's name for comparison: `core` without accents, punctuation and legal form, its words in alphabetical order.
 */
export type PlainName = { core: string; form: string | undefined };

/** Letters with a stroke or ligature, which Unicode normalization does not decompose. */
const LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th' }),
);

/** Reduces a name to its words; `core` is empty if it has none. */
export function plainName(name: string): PlainName {
  const { words, form } = splitLegalForm(wordsOf(name));
  const [first, ...others] = words;
  const bare = first === 'the' && others.length > 0 ? others : words;
  return { core: [...bare].sort().join(' '), form };
}

function wordsOf(name: string): string[] {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/\p{L}/gu, (letter) => LETTERS.get(letter) ?? letter)
    .replace(/&/gu, ' and ')
    // Punctuation inside a word or an abbreviation is dropped: O'Rourke, B.V., A/S.
    .replace(/['’`´.]/gu, '')
    .replace(/\b(\p{L})\/(?=\p{L}\b)/gu, '$1');
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** How two plain names relate: `different-form` for Contoso Ltd and Contoso GmbH, which are two companies. */
export function relationOf(a: PlainName, b: PlainName): 'same' | 'different-form' | 'different' {
  if (a.core === '' || a.core !== b.core) return 'different';
  return a.form !== undefined && b.form !== undefined && a.form !== b.form ? 'different-form' : 'same';
}

/**
 * How similar two names are, from 0 to 1: the pairs of letters that they share (Dice). Look-alikes can score above the
 * same company in another spelling, so this decides nothing; it only sorts what a person chooses from.
 */
export function resemblance(a: string, b: string): number {
  const [ours, theirs] = [pairsOf(a), pairsOf(b)];
  if (ours.length === 0 || theirs.length === 0) return 0;
  const left = [...theirs];
  const shared = ours.filter((pair) => {
    const found = left.indexOf(pair);
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  });
  return (2 * shared.length) / (ours.length + theirs.length);
}

function pairsOf(name: string): string[] {
  const text = ` ${plainName(name).core} `;
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => text.slice(index, index + 2));
}
