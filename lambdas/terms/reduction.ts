import { type Day, daysAfter } from '../report/day.ts';
import type { Subscription } from '../report/subscription.ts';
import { freedBy } from './committed.ts';
import { isMonthly } from './monthly.ts';

/** When, and by which rule, the quantity of a subscription can be reduced. What is absent is unknown. */
export type Reduction = {
  /** Seats that can go today. */
  now?: number;
  /** The first day on which seats can go. */
  earliest?: Day;
  /** Seats that can go on that day, not counting those whose decrease is booked. */
  units?: number;
  /** The last day, inclusive, on which the seller accepts the order; absent if there is no deadline. */
  lastDay?: Day;
  /** The rule that was applied, in words; empty if none was. */
  basis: string;
};

/** The facts that the rules use. */
export type Terms = Omit<Subscription, 'customer' | 'id' | 'product' | 'joins'>;

type Rule = (terms: Terms, today: Day) => Reduction | undefined;

/**
 * The earliest reduction, by the first rule that the facts allow. All days are calendar days and inclusive; nothing is
 * worked out from when a subscription was created or how often it is paid: an annual commitment can be paid monthly.
 */
export function earliestReduction(terms: Terms, today: Day): Reduction {
  for (const rule of RULES) {
    const reduction = rule(terms, today);
    if (reduction !== undefined) return reduction;
  }
  return { basis: '' };
}

const committedLayers: Rule = (terms, today) => {
  const { committed, quantity, termEnd, seller } = terms;
  if (committed === undefined || committed.length === 0) return undefined;
  if (quantity === undefined) return { basis: basis('committed quantities', 'the quantity is not known') };
  const { steps, uncertain } = freedBy(committed, quantity, today);
  const [free] = steps;
  const first = steps.find(({ units }) => units > 0);
  const further = steps.filter((step) => step !== first && step.units > 0);
  return {
    now: free.units,
    ...(first === undefined ? {} : { earliest: first.from, units: first.units }),
    // Layers that end with the term are committed again when it renews.
    ...(first !== undefined && first !== free && termEnd !== undefined && first.from === daysAfter(termEnd, 1)
      ? { lastDay: lastOrder(termEnd, seller) }
      : {}),
    basis: basis(
      'committed quantities',
      uncertain && 'reading uncertain',
      booked(terms),
      ...further.map(({ from, units }) => `${units} from ${from}`),
    ),
  };
};

const openWindow: Rule = ({ windowEnd, quantity }, today) =>
  windowEnd === undefined || windowEnd === null || windowEnd < today
    ? undefined
    : { ...all(quantity), earliest: today, lastDay: windowEnd, basis: 'window' };

const productRule: Rule = ({ mayDecrease, quantity }, today) =>
  mayDecrease === true ? { ...all(quantity), earliest: today, basis: 'product rule' } : undefined;

const commitmentEnd: Rule = (terms, today) => {
  const { termEnd, seller, autoRenew } = terms;
  if (termEnd === undefined) return undefined;
  const reopensUntil = autoRenew === true ? daysAfter(termEnd, DAYS_AFTER_RENEWAL) : undefined;
  if (termEnd < today) {
    return reopensUntil === undefined || reopensUntil < today
      ? { basis: 'commitment end has passed' }
      : { ...all(terms.quantity), earliest: today, lastDay: reopensUntil, basis: 'seven days after renewal' };
  }
  const lastDay = lastOrder(termEnd, seller);
  const late = lastDay < today;
  return {
    ...closedUntilThen(terms),
    ...unbooked(terms),
    earliest: daysAfter(termEnd, 1),
    lastDay: late ? (reopensUntil ?? lastDay) : lastDay,
    basis: basis(
      'commitment end',
      late && `orders closed on ${lastDay}`,
      booked(terms),
      autoRenew === false && 'does not renew by itself',
      reopensUntil !== undefined && `second chance until ${reopensUntil}`,
    ),
  };
};

/** A monthly term can be left at the end of the month, on a day that is not known. */
const monthlyRenewal: Rule = ({ commitment, termEnd }) =>
  termEnd === undefined && isMonthly(commitment) ? { basis: 'at next monthly renewal (at most a month)' } : undefined;

const RULES: readonly Rule[] = [committedLayers, openWindow, productRule, commitmentEnd, monthlyRenewal];

/**
 * A renewal runs on the day after the term ends and opens a window of 168 hours. The hour is not known, so the renewal
 * day is the first of the seven, and the last one is certain to be inside.
 */
const DAYS_AFTER_RENEWAL = 7;

/** Distributors accept no order in the last 24 hours before a renewal. */
const lastOrder = (termEnd: Day, seller: Terms['seller']): Day =>
  seller === 'distributor' ? daysAfter(termEnd, -1) : termEnd;

const all = (quantity: number | undefined): Pick<Reduction, 'now' | 'units'> =>
  quantity === undefined ? {} : { now: quantity, units: quantity };

/** Only a vendor with a stated window or a product rule rules out a reduction before the end. */
const closedUntilThen = ({ windowEnd, mayDecrease }: Terms): Pick<Reduction, 'now'> =>
  windowEnd !== undefined || mayDecrease === false ? { now: 0 } : {};

/** Seats of which no decrease is booked yet. */
const unbooked = ({ quantity, scheduledQuantity }: Terms): Pick<Reduction, 'units'> =>
  quantity === undefined ? {} : { units: Math.min(quantity, scheduledQuantity ?? quantity) };

function booked({ quantity, scheduledQuantity }: Terms): string | false {
  if (quantity === undefined || scheduledQuantity === undefined || scheduledQuantity >= quantity) return false;
  return `a decrease to ${scheduledQuantity} is booked`;
}

const basis = (rule: string, ...remarks: readonly (string | false)[]): string =>
  [rule, ...remarks.filter((remark) => remark !== false)].join('; ');
