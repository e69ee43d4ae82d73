const decimals = (value: number): number => {
  const written = String(value);
  const [mantissa = written, exponent = '0'] = written.split('e');
  const point = mantissa.indexOf('.');
  const digits = point === -1 ? 0 : mantissa.length - point - 1;
  return Math.max(0, digits - Number(exponent));
};

/**
 * Adds as a clerk would, in decimal: 0.1 + 0.2 is 0.3. Vendors' fractional quantities then give the same total
 * in whatever order their rows arrive.
 */
export function addExact(a: number, b: number): number {
  if (Number.isInteger(a) && Number.isInteger(b)) return a + b;
  const places = Math.min(15, Math.max(decimals(a), decimals(b)));
  const scale = 10 ** places;
  return (Math.round(a * scale) + Math.round(b * scale)) / scale;
}
