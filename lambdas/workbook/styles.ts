import type { CellStyle } from 'hucre/xlsx';
import type { Tone } from '../views/states.ts';
import type { Kind } from './sheet-column.ts';

const solid = (rgb: string): Exclude<CellStyle['fill'], undefined> => ({
  type: 'pattern',
  pattern: 'solid',
  fgColor: { rgb },
});

/** A font without a name is serif in some programs. */
const FONT = { name: 'Calibri', size: 11 };

export const TITLE: CellStyle = { font: { ...FONT, bold: true, size: 16, color: { rgb: '1F2A44' } } };
export const SECTION: CellStyle = { font: { ...FONT, bold: true, size: 12, color: { rgb: '1F2A44' } } };
export const LABEL: CellStyle = { font: { ...FONT, color: { rgb: '555F73' } } };

const HEADER: CellStyle = {
  font: { ...FONT, bold: true, color: { rgb: 'FFFFFF' } },
  fill: solid('1F2A44'),
  alignment: { wrapText: true, vertical: 'center' },
  border: { bottom: { style: 'medium', color: { rgb: '8A94A8' } } },
};

/** Text and background of each tone: at least 7:1, so that they also read in grey. */
const COLOURS: Record<Tone, { text: string; background: string }> = {
  lost: { text: '7A0C0C', background: 'FBD5D5' },
  over: { text: '6B3A00', background: 'FCE6C3' },
  open: { text: '3B2A6B', background: 'E4DFF7' },
  good: { text: '0F4A27', background: 'D3F0DC' },
  calm: { text: '3D4657', background: 'ECEEF2' },
};

/** A cell that shows a state. */
export const toned = (tone: Tone): CellStyle => ({
  font: { ...FONT, color: { rgb: COLOURS[tone].text } },
  fill: solid(COLOURS[tone].background),
});

/** Number formats by kind of column; `@` keeps an id a text when somebody edits it. */
export const FORMATS = {
  text: { numFmt: '@', alignment: { horizontal: 'left', indent: 1, vertical: 'top' } },
  long: { alignment: { horizontal: 'left', indent: 1, vertical: 'top', wrapText: true } },
  count: {},
  number: { numFmt: 'General', alignment: { horizontal: 'right', vertical: 'top' } },
  money: { numFmt: '#,##0.00##', alignment: { horizontal: 'right', vertical: 'top' } },
  date: { numFmt: 'yyyy-mm-dd', alignment: { horizontal: 'center', vertical: 'top' } },
} satisfies Record<Kind, CellStyle>;

/** The header of a column, above its values. */
export const headerOf = ({ alignment }: CellStyle): CellStyle => ({
  ...HEADER,
  alignment: { ...alignment, ...HEADER.alignment },
});
