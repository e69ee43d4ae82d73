/** Control characters and noncharacters: XML and HTML do not allow all of them. */
const UNPRINTABLE = /[[\p{Cc}\p{Noncharacter_Code_Point}]--[\t\n]]/gv;

/** A text as a view may show it: line breaks of one kind, and a mark where a character cannot be shown. */
export const printable = (text: string): string =>
  text.replace(/\r\n?/gu, '\n').replace(UNPRINTABLE, '\uFFFD').toWellFormed();
