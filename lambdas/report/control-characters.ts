/**
 * Control characters other than tab and line ends, halves of a surrogate pair, and code points that are not characters.
 * No spreadsheet, mail program or PSA shows any of them, XML cannot hold them, and some programs stop at a NUL.
 */
export const UNPRINTABLE = /[[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]--[\t\r\n]]/gv;

/** The text without such characters: vendors' names can contain them, but files, mails and tickets must not. */
export const withoutControlCharacters = (text: string): string => text.replace(UNPRINTABLE, '');
