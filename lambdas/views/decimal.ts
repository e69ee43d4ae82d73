const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/u;

/** A decimal text as an integer of `10 ** -scale` units. */
type Scaled = { units: bigint; scale: number };

/** True for "12", "-3.50"; not with an exponent, a space or a thousands separator. */
export const isDecimal = (text: string): boolean => DECIMAL.test(text);

/** Orders decimal texts by absolute value. */
export function compareMagnitude(a: string, b: string): number {
  const [left, right] = sameScale(magnitude(a), magnitude(b));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The decimal without its sign. */
export const withoutSign = (text: string): string => text.replace(/^-/u, '');

/** 1, 0 or -1. */
export function signOf(text: string): number {
  const { units } = scaled(text);
  return units > 0n ? 1 : units < 0n ? -1 : 0;
}

/**
 * The number that a spreadsheet stores and shows for a decimal; undefined if its 15 digits would show another one, or
 * the text is not a decimal.
 */
export function exactNumber(text: string): number | undefined {
  if (!isDecimal(text)) return undefined;
  const digits = text.replace(/[-.]/gu, '').replace(/^0+/u, '');
  return digits.length > 15 ? undefined : Number(text);
}

function scaled(text: string): Scaled {
  const match = DECIMAL.exec(text);
  if (match === null) throw new TypeError(`expected a decimal number, got ${JSON.stringify(text)}`);
  const [, sign = '', whole = '', fraction = ''] = match;
  const units = BigInt(`${whole}${fraction}`);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

const magnitude = (text: string): Scaled => scaled(withoutSign(text));

function sameScale(a: Scaled, b: Scaled): [bigint, bigint] {
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale)];
}
