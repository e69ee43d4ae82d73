import { escaped } from './html.ts';
import { onOneLine, shortened } from './text.ts';

/** A sentence, and the list that belongs to it. */
export type Section = { sentence: string; entries: readonly string[] };

/** What a mail, a ticket or a terminal shows of a run. */
export type Brief = { title: string; sections: readonly Section[] };

/** A section before it is cut: if lines are scarce, each list gets its `least` entries before any list gets more. */
export type Draft = Section & { least?: number };

/**
 * Whoever opens a ticket reads a screenful; the files have the rest. The title and the blank lines between sections
 * count too.
 */
export const MOST_LINES = 25;

const LONGEST_SENTENCE = 400;
const LONGEST_ENTRY = 200;

/**
 * Fits the sections into `MOST_LINES` lines. The first lists are cut last, a list that is cut ends with how many
 * entries it lacks, and a vendor's long text ends with a mark.
 */
export function briefly(title: string, drafts: readonly Draft[]): Brief {
  const fixed = 1 + 2 * drafts.length;
  const room = linesFor(drafts, Math.max(0, MOST_LINES - fixed));
  return {
    title: onOneLine(title),
    sections: drafts.map(({ sentence, entries }, index) => ({
      sentence: shortened(onOneLine(sentence), LONGEST_SENTENCE),
      entries: cut(entries, room[index] ?? 0).map((entry) => shortened(onOneLine(entry), LONGEST_ENTRY)),
    })),
  };
}

/** How many lines each list gets: first its least, then of what is left, in order. */
function linesFor(drafts: readonly Draft[], lines: number): number[] {
  let left = lines;
  const reservedLines = drafts.map(({ entries, least = 0 }) => {
    const reserved = Math.min(entries.length, least, left);
    left -= reserved;
    return reserved;
  });
  return drafts.map(({ entries }, index) => {
    const reserved = reservedLines[index] ?? 0;
    const more = Math.min(entries.length - reserved, left);
    left -= more;
    return reserved + more;
  });
}

function cut(entries: readonly string[], lines: number): readonly string[] {
  if (entries.length <= lines) return entries;
  return lines === 0 ? [] : [...entries.slice(0, lines - 1), `and ${entries.length - lines + 1} more`];
}

/** The brief with a further sentence at its end, on the same line. */
export const withRemark = ({ title, sections }: Brief, remark: string): Brief => ({
  title,
  sections: sections.map((section, index) =>
    index === sections.length - 1 ? { ...section, sentence: `${section.sentence} ${remark}` } : section,
  ),
});

/** As plain text: a blank line before each section, a dash before each entry. */
export function plainText({ title, sections }: Brief): string {
  const blocks = sections.map(({ sentence, entries }) =>
    [sentence, ...entries.map((entry) => `- ${entry}`)].join('\n'),
  );
  return `${[title, ...blocks].join('\n\n')}\n`;
}

/** As a fragment of HTML, every text escaped. */
export function htmlText({ title, sections }: Brief): string {
  const blocks = sections.map(({ sentence, entries }) => {
    const items = entries.map((entry) => `<li>${escaped(entry)}</li>`).join('');
    return `<p>${escaped(sentence)}</p>${items === '' ? '' : `<ul>${items}</ul>`}`;
  });
  return [`<h2>${escaped(title)}</h2>`, ...blocks].join('\n');
}
