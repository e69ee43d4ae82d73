import { UNPRINTABLE } from '../report/control-characters.ts';

/** A text as a view may show it: line breaks of one kind, and a mark where a character cannot be shown. */
export const printable = (text: string): string => text.replace(/\r\n?/gu, '\n').replace(UNPRINTABLE, '\uFFFD');
