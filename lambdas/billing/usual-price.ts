import { monthly, price } from './decimal.ts';
import type { Pair, UsualPrice } from './service-row.ts';

/** By service id: the price that more companies are billed than any other, if there is one. */
export function usualPrices(pairs: readonly Pair[]): Map<string, UsualPrice> {
  const usual = new Map<string, UsualPrice>();
  for (const [service, ofService] of Map.groupBy(pairs, (pair) => pair.service.id)) {
    const priced = ofService.flatMap(({ billed, billing }): UsualPrice[] => {
      if (billing.blank !== undefined || billed.price === undefined || billed.currency === undefined) return [];
      return [{ price: billed.price, currency: billed.currency }];
    });
    const groups = [...Map.groupBy(priced, (pair) => `${price(monthly(pair.price))} ${pair.currency}`).values()];
    const most = Math.max(0, ...groups.map(({ length }) => length));
    const [first, second] = groups.filter(({ length }) => length === most);
    const [common] = first ?? [];
    if (common !== undefined && second === undefined) usual.set(service, common);
  }
  return usual;
}
