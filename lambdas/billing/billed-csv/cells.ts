import { type Day, isDay, readDay as readIsoDay } from '../../report/day.ts';
import { decimal, plain } from '../decimal.ts';
import type { DecimalText } from '../line.ts';
import type { FileSettings } from './settings.ts';

/** What is wrong with one cell or row; the row is refused. */
export class CellFault extends Error {}

/** A cell without outer spaces, and without the apostrophe or tab that keeps a spreadsheet from running it. */
export const cleaned = (cell: string): string => cell.replace(/^['\t](?=[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u, '').trim();

/** Reads `1,234.5` by the decimal sign of the file. Errors: `CellFault` for a number that does not fit this sign. */
export function readNumber(cell: string, sign: FileSettings['decimal']): DecimalText {
  const bare = cell.replace(/[\s\p{Sc}]/gu, '');
  const inBrackets = /^\((.+)\)$/u.exec(bare)?.[1];
  const [thousands, point] = sign === '.' ? [',', '\\.'] : ['\\.', ','];
  // Brackets are the minus of bookkeeping: with a sign inside, the number could be meant either way.
  const signs = inBrackets === undefined ? '[+-]?' : '';
  const form = new RegExp(`^${signs}(?:\\d+|\\d{1,3}(?:${thousands}\\d{3})+)(?:${point}\\d+)?$`, 'u');
  const text = inBrackets ?? bare;
  if (!form.test(text)) {
    throw new CellFault(`expected a number with "${sign}" as the decimal sign, found ${JSON.stringify(cell)}`);
  }
  const value = decimal(sign === '.' ? text.replaceAll(',', '') : text.replaceAll('.', '').replace(',', '.'));
  return plain(inBrackets === undefined ? value : value.neg());
}

/** `1,234`: 1234 or 1.234, depending on the decimal sign. */
export const readsBothWays = (cell: string): boolean => /^[^\d]*\d{1,3}[.,]\d{3}[^\d.,]*$/u.test(cell);

/** A number whose separators show which sign is the decimal one. */
export const showsItsSign = (cell: string): boolean => /\d[.,]\d/u.test(cell) && !readsBothWays(cell);

/**
 * Reads `2026-11-30`, or the declared form; null for a year that means that it was never set (HaloPSA's open end is
 * 1900-01-01). Errors: `CellFault`: a day is never guessed.
 */
export function readDay(cell: string, format: string): Day | null {
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/u.exec(cell)?.[1];
  const day = iso ?? dayIn(cell, format);
  if (day === undefined || !isDay(day)) {
    throw new CellFault(`expected a date as YYYY-MM-DD or in "dateFormat" (${format}), found ${JSON.stringify(cell)}`);
  }
  return readIsoDay(day);
}

function dayIn(cell: string, format: string): Day | undefined {
  const names = format.match(/Y+|M+|D+/gu) ?? [];
  const form = format.replace(/YYYY|MM?|DD?|[-/.]/gu, (part) => FORMS[part] ?? `[${part}]`);
  const parts = new RegExp(`^${form}$`, 'u').exec(cell)?.slice(1);
  if (parts === undefined) return undefined;
  const part = (letter: string): string => parts[names.findIndex((name) => name.startsWith(letter))] ?? '';
  return `${part('Y')}-${part('M').padStart(2, '0')}-${part('D').padStart(2, '0')}`;
}

const FORMS: Readonly<Record<string, string>> = {
  YYYY: '(\\d{4})',
  MM: '(\\d{2})',
  M: '(\\d{1,2})',
  DD: '(\\d{2})',
  D: '(\\d{1,2})',
};

/** Reads an id as text. Errors: `CellFault` for one that a spreadsheet turned into a number with an exponent. */
export function readId(cell: string): string {
  if (/^\d(?:[.,]\d+)?E\+\d+$/iu.test(cell)) {
    throw new CellFault(`${cell} was an id before a spreadsheet rounded it; export the column as text`);
  }
  return cell;
}

/** Yes or no, also in the words of ConnectWise. Errors: `CellFault` for any other word. */
export function readYesNo(cell: string): boolean {
  const word = cell.replace(/\s/gu, '').toLowerCase();
  if (['yes', 'true', 'billable'].includes(word)) return true;
  if (['no', 'false', 'donotbill', 'nocharge'].includes(word)) return false;
  throw new CellFault(`expected yes or no, found ${JSON.stringify(cell)}`);
}
