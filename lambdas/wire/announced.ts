import { isRecord } from '../report/record.ts';

/** How much of a list has been read so far. */
export type ReadSoFar = { pages: number; rows: number };

/** For a list without pages, whose length is not declared. */
const ONE_ANSWER: ReadSoFar = { pages: 1, rows: Number.POSITIVE_INFINITY };

/**
 * The field by which an answer announces, outside its rows, more than was read; undefined if none does. Fields are
 * recognized by names that many APIs use, in any spelling: `totalPages`, `has_next`, `last: false`, `@odata.nextLink`,
 * `totalCount`.
 */
export function moreAnnounced(answer: unknown, read: ReadSoFar = ONE_ANSWER): string | undefined {
  for (const [member, value] of isRecord(answer) ? Object.entries(answer) : []) {
    const name = member.toLowerCase().replace(/[^a-z]/gu, '');
    const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
    if (/^(totalpages?|pagecount|numberofpages|lastpage)$/u.test(name) && number > read.pages) return member;
    if (/^(total(count|items|elements|records|rows|results|entries)?|(odata)?count)$/u.test(name)) {
      if (number > read.rows) return member;
    }
    if (/^has(next|more)(pages?)?$/u.test(name) && value === true) return member;
    if (/^(is)?last(page)?$/u.test(name) && value === false) return member;
    if (/^(odata)?next(page)?(link|url|token|cursor)?$/u.test(name) && isSomewhere(value)) return member;
    const within = moreAnnounced(value, read);
    if (within !== undefined) return within;
  }
  return undefined;
}

/** Some APIs write the text "null" where there is no next page. */
const isSomewhere = (value: unknown): boolean =>
  isRecord(value) ? Object.keys(value).length > 0 : Boolean(value) && value !== 'null' && !Array.isArray(value);
