import type { RowGap } from './report.ts';

const COMPLETE = 'complete';

/** A gap, and how its subject is called: the integration's name, or the title of the one column. */
export type NamedGap = Pick<RowGap, 'state' | 'detail'> & { subject: string };

/** A remark on the numbers of one integration in one row. */
export type NamedNote = { subject: string; note: string };

/**
 * The text of a row's last column: `complete`, or what is blank and why
 * (`Huntress: failed (VendorAuthError); Duo: unmapped`); remarks stand behind.
 */
export function dataQuality(gaps: readonly NamedGap[], notes: readonly NamedNote[]): string {
  const blank = gaps.map(({ subject, state, detail }) => said(subject, state, detail));
  const remarks = notes.map(({ subject, note }) => said(subject, 'note', note));
  return [...(blank.length === 0 ? [COMPLETE] : blank), ...remarks].map(onOneLine).join('; ');
}

const said = (subject: string, state: string, detail: string | undefined): string =>
  `${subject}: ${state}${detail === undefined || detail === '' ? '' : ` (${detail})`}`;

/** Reasons come from vendors; a line break in one would tear the cell apart for whoever reads the file by lines. */
const onOneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();
