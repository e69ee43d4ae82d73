import { quantity } from './quantity.ts';
import type { RowGap } from './report.ts';
import { onOneLine, shortened } from './text.ts';

const COMPLETE = 'complete';

/**
 * A spreadsheet's cell holds 32,767 characters and a longer one breaks its row; people stop reading long before that.
 */
const ROOM_FOR_NOTES = 4000;
const LONGEST_DETAIL = 300;

/** What needs action comes before what is usual: most companies do not use most vendors. */
const GRAVITY: readonly RowGap['state'][] = ['failed', 'ambiguous', 'not-found', 'excluded', 'unmapped'];

/** A gap, and what is blank: the integration's name, or the title of the one column. */
export type NamedGap = Pick<RowGap, 'state' | 'detail'> & { subject: string };

/** A remark on the numbers of one integration in one row. */
export type NamedNote = { subject: string; note: string };

/**
 * The text of a row's last column: `complete`, or what is blank and why (`Huntress: failed (VendorAuthError); Duo:
 * unmapped`), the gravest first; remarks follow. Every gap is there; if there are too many remarks, the text ends with
 * how many more the row in report.json has. `notAsked` names the vendors that this run left out.
 */
export function dataQuality(
  gaps: readonly NamedGap[],
  notes: readonly NamedNote[],
  notAsked: readonly string[] = [],
): string {
  const blank = [...gaps]
    .sort((a, b) => GRAVITY.indexOf(a.state) - GRAVITY.indexOf(b.state))
    .map(({ subject, state, detail }) => item(subject, state, detail))
    .concat(notAsked.map((subject) => item(subject, 'not asked', undefined)));
  const remarks: string[] = [];
  const left = new Map<string, number>();
  let room = ROOM_FOR_NOTES;
  for (const { subject, note } of notes) {
    const remark = item(subject, 'note', note);
    room -= remark.length;
    if (room >= 0) remarks.push(remark);
    else left.set(subject, (left.get(subject) ?? 0) + 1);
  }
  const more = [...left].map(([subject, count]) => `${subject}: ${quantity(count, 'more note')} (in report.json)`);
  return [...(blank.length === 0 ? [COMPLETE] : blank), ...remarks, ...more].join('; ');
}

function item(subject: string, state: string, detail: string | undefined): string {
  if (detail === undefined || detail === '') return onOneLine(`${subject}: ${state}`);
  return onOneLine(`${subject}: ${state} (${shortened(onOneLine(detail), LONGEST_DETAIL)})`);
}
