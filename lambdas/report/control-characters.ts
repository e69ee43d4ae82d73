/** Everything of Unicode's class Cc but tab and line ends; no spreadsheet, mail program or PSA shows any of it, and some stop at a NUL. */
const CONTROL = /[^\P{Cc}\t\r\n]/gu;

/** The text as people are meant to see it: vendors' names may hold control characters, which files, mails and tickets must not. */
export const withoutControlCharacters = (text: string): string => text.replace(CONTROL, '');
