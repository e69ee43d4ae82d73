import type { Subscription } from '../report/subscription.ts';

/** One vendor's subscriptions, and whose they are. */
export type TermSource = {
  integration: string;
  /** The integration's name. */
  name: string;
  subscriptions: Iterable<Subscription>;
  /** The owner of a customer of this vendor; without `company` if none, or more than one, is mapped to it. */
  ownerOf: (customer: string) => Owner;
};

export type Owner = { customer: string; company?: { id: string; name: string } };

/** A subscription at one vendor, with its owner. */
export type Sold = { integration: string; name: string; owner: Owner; subscription: Subscription };

/** A vendor's subscription, with the same one at the distributor who sold it if ids show that they are the same. */
export type Joined = Sold & { vendor?: Sold };

/**
 * Joins each subscription that a vendor lists (Microsoft 365) with its distributor's. They are the same if they share
 * an id, belong to the same company, and there is no other candidate on either side; all others stay separate.
 */
export function joinedWithDistributor(sources: readonly TermSource[]): Joined[] {
  const all = sources.flatMap(soldBy);
  const partners = partnersOf(all);
  const only = (sold: Sold): Sold | undefined => {
    const [partner, ...others] = partners.get(sold) ?? [];
    return others.length === 0 ? partner : undefined;
  };
  const pairOf = (sold: Sold): Sold | undefined => {
    const partner = only(sold);
    const company = sold.owner.company?.id;
    if (partner === undefined || only(partner) !== sold || company === undefined) return undefined;
    return partner.owner.company?.id === company ? partner : undefined;
  };
  return all.flatMap((sold): Joined[] => {
    const pair = pairOf(sold);
    if (pair === undefined) return [sold];
    return sold.subscription.seller === 'vendor' ? [] : [{ ...sold, vendor: pair }];
  });
}

const soldBy = ({ integration, name, subscriptions, ownerOf }: TermSource): Sold[] =>
  Array.from(subscriptions, (subscription) => ({
    integration,
    name,
    owner: ownerOf(subscription.customer),
    subscription,
  }));

/** For each subscription, those of the other kind of seller that share an id with it. */
function partnersOf(all: readonly Sold[]): Map<Sold, Set<Sold>> {
  const byId = Map.groupBy(
    all.flatMap((sold) => sold.subscription.joins.map((id) => ({ sold, id: id.trim().toLowerCase() }))),
    ({ id }) => id,
  );
  byId.delete('');
  const partners = new Map<Sold, Set<Sold>>(all.map((sold) => [sold, new Set()]));
  for (const sharing of byId.values()) {
    for (const { sold } of sharing) {
      for (const { sold: other } of sharing) {
        if (other.subscription.seller !== sold.subscription.seller) partners.get(sold)?.add(other);
      }
    }
  }
  return partners;
}
