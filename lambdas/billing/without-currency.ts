import { quantity } from '../report/quantity.ts';
import type { BilledLine } from './line.ts';

/** Remarks on lines with a price and no currency: amounts without one are never added up. */
export function withoutCurrency(lines: readonly BilledLine[], remedy: string): string[] {
  const bare = lines.filter(({ price, amount, currency }) => (price ?? amount) !== undefined && currency === undefined);
  if (bare.length === 0) return [];
  const have = bare.length === 1 ? 'has' : 'have';
  return [
    `${quantity(bare.length, 'line')} ${have} a price but no currency, so their differences are not shown in money; ${remedy}`,
  ];
}
