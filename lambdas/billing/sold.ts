import type { PsaProduct } from './first-services.ts';
import type { BilledLine } from './line.ts';

/** The products that lines sell, each once, in the order in which they come. */
export function productsOf(lines: Iterable<Pick<BilledLine, 'product'>>): PsaProduct[] {
  const sold = new Map<string, PsaProduct>();
  for (const { product } of lines) {
    const key = JSON.stringify([product.id, product.code, product.name]);
    if (!sold.has(key)) sold.set(key, product);
  }
  return [...sold.values()];
}
