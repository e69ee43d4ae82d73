import type { Fact } from '../../counting/facts.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { UnknownWord, words } from '../../counting/words.ts';
import type { Day } from '../../report/day.ts';
import type { Licences } from './licences.ts';
import { seatsOf, unknownWhether } from './seats.ts';
import type { Settings } from './settings.ts';
import { FREE_SKUS, SKU_NAMES } from './sku-names.ts';

/** Ids of SKUs that count whatever they are, ids of those that are left out, and names by id. */
type SkuRules = { counted: ReadonlySet<string>; leftOut: ReadonlySet<string>; names: ReadonlyMap<string, string> };

export function skuRules({ countedSkuIds, excludedSkuIds, productNames }: Settings): SkuRules {
  const counted = new Set(countedSkuIds);
  return {
    counted,
    leftOut: new Set([...FREE_SKUS, ...excludedSkuIds].filter((id) => !counted.has(id))),
    names: new Map([...SKU_NAMES, ...Object.entries(productNames)]),
  };
}

const scopeOf = words('appliesTo', { user: ['User'], tenant: ['Company'] }, { absent: 'user' });

/** The seats of a tenant's SKUs. */
export function* seatsOfTenant(
  { seats, note }: Verbs<never>,
  id: string,
  { skus, subscriptions }: Licences,
  { counted, leftOut, names }: SkuRules,
  today: Day,
): Generator<Fact> {
  if (subscriptions === undefined) yield note('subscriptions may not be read there, so trials are counted too', id);
  for (const sku of skus) {
    const scope = counted.has(sku.skuId) ? 'user' : scopeOf(sku.appliesTo);
    if (leftOut.has(sku.skuId) || scope === 'tenant') continue;
    const product = names.get(sku.skuId) || sku.skuPartNumber || sku.skuId;
    if (!sku.appliesTo)
      yield note(`${product}: Microsoft does not say whether it is for users; counted as if it were`, id);
    const judged =
      scope instanceof UnknownWord
        ? unknownWhether(product, scope.reason)
        : seatsOf(sku, product, subscriptions, today);
    yield* seats(id, judged, (seat) => seat);
  }
}
