import * as z from 'zod/mini';
import { productTitle } from '../report/column.ts';
import { customer, gap, note, type Products, product } from './collector.ts';
import type { Fact } from './facts.ts';
import { isAzurePlan } from './seats.ts';

export { isAzurePlan } from './seats.ts';

import { find, type GuessedRow, numberOf, textOf } from './guessed-row.ts';

/** What a configuration may say of subscriptions whose members and words are known by hearsay; all of it has a default. */
export const subscriptionRules = {
  /** Words in a state that mean an ended or not yet begun subscription; looked for first. */
  endedStates: z._default(z.array(z.string()), [
    ...['inactive', 'cancel', 'suspend', 'expire', 'disable', 'delete', 'terminat', 'pending', 'fail'],
  ]),
  /** Words in a state that mean a live one. */
  liveStates: z._default(z.array(z.string()), ['active']),
  includeTrials: z._default(z.boolean(), false),
  /** Names of further products that are priced by usage: their quantity is no number of seats. */
  usageProducts: z._default(z.array(z.string()), []),
};

/** Members by their probable names. `unit` is for vendors that say what they count. */
export type SubscriptionRules = z.output<typeof Rules>;

const list = z.array(z.string());
const Rules = z.object({
  ...subscriptionRules,
  members: z.object({ product: list, sku: list, quantity: list, state: list, trial: list, unit: z.optional(list) }),
});

/** A customer by its name. That is only for people: one without any goes by its id, with a remark naming the members seen. */
export function* customerNamed(id: string, row: GuessedRow, names: readonly string[], option: string): Generator<Fact> {
  const named = find(row, names) !== undefined;
  yield customer(id, named ? textOf(row, names, `customer ${id}`) : id);
  if (named) return;
  const seen = Object.keys(row).join(', ');
  yield note(
    `a customer has no ${names.join(' or ')} (members seen: ${seen}); if it has another name, say so as ${option}`,
  );
}

const PAY_AS_YOU_GO = /\bpay[- ]as[- ]you[- ]go\b/iu;

const UNKNOWN_STATE = 'is in a state that is not known; add it to liveStates or endedStates in the configuration';
const NO_QUANTITY =
  'has no quantity; in the configuration, add its name to usageProducts if it is priced by usage, else the name of the member to ' +
  'members.quantity';

/** A row without a quantity that calls itself one of these is no row that lost its quantity. */
const USAGE = /\b(azure|usage|consumption)\b/iu;

/**
 * The seats of a customer's live subscriptions, trials left out. What is priced by usage is named in a note; a state that no rule
 * knows, or a quantity that one row alone lacks, leaves its product's cell open. Where no row has a state, all count, with a remark.
 * Errors: `VendorContractError` naming the members seen, for a row without a name, and where no row has a quantity.
 */
export function* seatsOf(
  customerId: string,
  rows: readonly GuessedRow[],
  products: Products,
  rules: SubscriptionRules,
  what: string,
): Generator<Fact> {
  const { members } = rules;
  const stated = rows.some((row) => find(row, members.state) !== undefined);
  const quantified = rows.some((row) => find(row, members.quantity) !== undefined);
  if (rows.length > 0 && !stated) yield note('there are subscriptions without a state: they were counted');
  for (const row of rows) {
    const name = textOf(row, [...members.product, ...members.sku], what);
    const unit = members.unit === undefined ? undefined : find(row, members.unit);
    const suffix = unit === undefined ? '' : ` (${textOf(row, members.unit ?? [], what)})`;
    const state = stateOf(row, rules, stated);
    if (state === 'ended' || (!rules.includeTrials && isTrial(row, name, members))) continue;
    if (isUsage(row, name, rules)) {
      yield note(`${name} is priced by usage: left out`);
      continue;
    }
    const bare = quantified && find(row, members.quantity) === undefined;
    if (state === 'unknown' || bare) {
      const title = `${productTitle(products.prefix, name)}${suffix}`;
      yield* product(products, customerId, name, 0, suffix);
      yield gap(
        customerId,
        title,
        'failed',
        `a subscription of ${name} ${state === 'unknown' ? UNKNOWN_STATE : NO_QUANTITY}`,
      );
    } else {
      const quantity = numberOf(row, members.quantity, what);
      if (quantity !== 0) yield* product(products, customerId, name, quantity, suffix);
    }
  }
}

function stateOf(row: GuessedRow, rules: SubscriptionRules, stated: boolean): 'live' | 'ended' | 'unknown' {
  const said = find(row, rules.members.state);
  if (said === undefined) return stated ? 'unknown' : 'live';
  const state = String(said).toLowerCase();
  const has = (words: readonly string[]) => words.some((word) => state.includes(word.toLowerCase()));
  if (has(rules.endedStates)) return 'ended';
  return TRIAL_STATE.test(state) || has(rules.liveStates) ? 'live' : 'unknown';
}

/** A trial that has not ended: as live as the configuration wants trials to be. */
const TRIAL_STATE = /trial/iu;

const isTrial = (row: GuessedRow, name: string, { trial, state }: SubscriptionRules['members']): boolean =>
  /\btrial\b/iu.test(name) ||
  TRIAL_STATE.test(String(find(row, state))) ||
  /^(true|1)$/iu.test(String(find(row, trial)));

function isUsage(row: GuessedRow, name: string, { usageProducts, members }: SubscriptionRules): boolean {
  if (usageProducts.some((product) => product.toLowerCase() === name.toLowerCase())) return true;
  if (isAzurePlan(name) || PAY_AS_YOU_GO.test(name)) return true;
  return USAGE.test(name) && find(row, members.quantity) === undefined;
}
