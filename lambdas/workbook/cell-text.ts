import { printable } from '../views/printable.ts';

/** The most that a cell can hold, in UTF-16 units. */
const LONGEST = 32_767;

const CUT = ' […]';

/**
 * A workbook reads `_x0041_` in a text as the character with that number, so the underscore itself is written that way.
 */
const ESCAPE = /_(?=x[\da-f]{4}_)/giu;

/** A text as the cell shows it, cut to what a cell can hold. */
function shownText(text: string): string {
  const shown = printable(text);
  return shown.length <= LONGEST ? shown : `${shown.slice(0, LONGEST - CUT.length)}${CUT}`.toWellFormed();
}

/** A text as the workbook stores it, so that the cell shows it. */
export const cellText = (text: string): string => shownText(text).replace(ESCAPE, '_x005F_');

/** Texts that the library writes as spreadsheet errors. As rich text, they stay text. */
const ERROR = /^#(?:VALUE!|REF!|N\/A|NAME\?|NULL!|DIV\/0!|NUM!|GETTING_DATA|SPILL!|CALC!)$/u;

export const looksLikeError = (text: string): boolean => ERROR.test(text);
