import type { Client } from './clientele.ts';
import type { DemoMsp } from './demo-msp.ts';

/** A customer's devices, group by group. */
export type Fleeted<G> = { client?: Client | undefined; groups: readonly G[] };

/**
 * A device: `rank` is its place among all, which it keeps from month to month; it is called by the rank of the one that
 * it was.
 */
export type Placed<C, G> = { at: C; group: G; index: number; rank: number; called: number };

/**
 * Every device of a vendor, customer by customer, `sizeOf` each group. Neighbours by rank belong to different
 * customers, as in a fleet that grew over years. A workstation that was set up again has another rank under its old
 * name, one that moved keeps both.
 */
export function devicesOf<G, C extends Fleeted<G>>(
  { since }: DemoMsp,
  customers: readonly C[],
  sizeOf: (group: G) => number,
): Placed<C, G>[] {
  const kinds = Math.max(...customers.map(({ groups }) => groups.length));
  const rankOf = (customer: number, kind: number, index: number) =>
    (index * kinds + kind) * customers.length + customer;
  const home = customers.findIndex(({ client }) => since !== undefined && client?.company === since.moved.from);
  const [left] = customers[home]?.groups ?? [];
  return customers.flatMap((at, customer) => {
    const company = at.client?.company;
    return at.groups.flatMap((group, kind) => {
      const size = sizeOf(group);
      return Array.from({ length: size }, (_, index): Placed<C, G> => {
        const rank = rankOf(customer, kind, index);
        const usual = { at, group, index, rank, called: rank };
        if (since === undefined || company === undefined || kind > 0) return usual;
        if (since.rebuilt.has(company) && index === 0) return { ...usual, rank: rankOf(customer, kind, size) };
        if (company !== since.moved.to || index < size - 1 || left === undefined) return usual;
        const moved = rankOf(home, kind, sizeOf(left));
        return { ...usual, rank: moved, called: moved };
      });
    });
  });
}
