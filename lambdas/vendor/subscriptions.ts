import * as z from 'zod/mini';
import { productTitle } from '../report/column.ts';
import type { Fact } from '../report/tally.ts';
import { find, type LooseRow, numberOf, textOf } from './aliases.ts';
import { gap, note, type Products, product } from './collector.ts';

/** What a configuration may say of subscriptions whose members and words are known by hearsay; all of it has a default. */
export const subscriptionRules = {
  /** Words in a state that mean an ended or not yet begun subscription; looked for first. */
  endedStates: z._default(z.array(z.string()), [
    ...['inactive', 'cancel', 'suspend', 'expire', 'disable', 'delete', 'terminat', 'pending', 'fail', 'trial'],
  ]),
  /** Words in a state that mean a live one. */
  liveStates: z._default(z.array(z.string()), ['active']),
  includeTrials: z._default(z.boolean(), false),
  /** Names of products that are priced by usage: their quantity is no number of seats. */
  usageProducts: z._default(z.array(z.string()), ['Azure Plan', 'Microsoft Azure', 'Microsoft Azure Plan']),
};

/** Members by their probable names. `unit` is for vendors that say what they count. */
export type SubscriptionRules = z.output<typeof Rules>;

const list = z.array(z.string());
const Rules = z.object({
  ...subscriptionRules,
  members: z.object({ product: list, sku: list, quantity: list, state: list, trial: list, unit: z.optional(list) }),
});

/** What is so called is never sold by the seat; the 1 that it may carry is the plan itself. */
const PLAN = /\b(azure plan|pay[- ]as[- ]you[- ]go)\b/iu;

/** A row without a quantity that calls itself one of these is no row that lost its quantity. */
const USAGE = /\b(azure|usage|consumption)\b/iu;

/**
 * The seats of a customer's live subscriptions. What is left out is said in a note; a state that no rule knows leaves its product's
 * cell open. Where no row has a state, all count, with a remark.
 * Errors: `VendorContractError` naming the members seen, for a row without a name or without a quantity.
 */
export function* seatsOf(
  customer: string,
  rows: readonly LooseRow[],
  products: Products,
  rules: SubscriptionRules,
  what: string,
): Generator<Fact> {
  const { members } = rules;
  const stated = rows.some((row) => find(row, members.state) !== undefined);
  if (rows.length > 0 && !stated) yield note('there are subscriptions without a state: they were counted');
  for (const row of rows) {
    const name = textOf(row, [...members.product, ...members.sku], what);
    const unit = members.unit === undefined ? undefined : find(row, members.unit);
    const suffix = unit === undefined ? '' : ` (${textOf(row, members.unit ?? [], what)})`;
    const state = stateOf(row, rules, stated);
    if (state === 'ended' || (!rules.includeTrials && isTrial(row, name, members.trial))) continue;
    if (isUsage(row, name, rules)) {
      yield note(`${name} is priced by usage: left out`);
    } else if (state === 'unknown') {
      const title = `${productTitle(products.prefix, name)}${suffix}`;
      yield* product(products, customer, name, 0, suffix);
      yield gap(
        customer,
        title,
        'failed',
        `a subscription of ${name} is in a state that is not known; add it to liveStates or endedStates in the configuration`,
      );
    } else {
      const quantity = numberOf(row, members.quantity, what);
      if (quantity !== 0) yield* product(products, customer, name, quantity, suffix);
    }
  }
}

function stateOf(row: LooseRow, rules: SubscriptionRules, stated: boolean): 'live' | 'ended' | 'unknown' {
  const said = find(row, rules.members.state);
  if (said === undefined) return stated ? 'unknown' : 'live';
  const state = String(said).toLowerCase();
  const has = (words: readonly string[]) => words.some((word) => state.includes(word.toLowerCase()));
  if (has(rules.endedStates)) return 'ended';
  return has(rules.liveStates) ? 'live' : 'unknown';
}

const isTrial = (row: LooseRow, name: string, members: readonly string[]): boolean =>
  /\btrial\b/iu.test(name) || /^(true|1)$/iu.test(String(find(row, members)));

function isUsage(row: LooseRow, name: string, { usageProducts, members }: SubscriptionRules): boolean {
  if (usageProducts.some((product) => product.toLowerCase() === name.toLowerCase())) return true;
  if (PLAN.test(name)) return true;
  return USAGE.test(name) && find(row, members.quantity) === undefined;
}
