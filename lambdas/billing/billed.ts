import { chargedUnits } from './charged.ts';
import type { Service } from './configuration.ts';
import { type Decimal, decimal, largest, monthly, price, sum, type UnitPrice, ZERO } from './decimal.ts';
import type { BilledLine } from './line.ts';
import { lineNotes } from './line-notes.ts';
import type { Period } from './period.ts';

/** The sum of one row's lines on the first day of the period. */
export type Billed = {
  /** Billed units without the free ones; absent if they cannot be known. */
  units?: Decimal;
  /** Free units on these lines. */
  included: Decimal;
  /** Why the row cannot be compared; there can still be `units`. */
  reason?: string;
  /** True if some line bills a quantity other than 0. */
  isBilled: boolean;
  /** True if some line counts, whatever its quantity. */
  hasLine: boolean;
  /** If it is the same for a month on all lines that count. */
  price?: UnitPrice;
  currency?: string;
  /** Why a difference would have no money. */
  priceNotes: string[];
  notes: string[];
};

/** The sum of no lines: most pairs of company and service have none. */
const NO_LINE: Billed = { units: ZERO, included: ZERO, isBilled: false, hasLine: false, priceNotes: [], notes: [] };

/**
 * The sum of one row's lines, from a source that may lack some: nothing that counts does not mean that nothing is
 * billed.
 */
export function billedForService(
  lines: readonly BilledLine[],
  service: Service,
  period: Period,
  mayLackLines: boolean,
): Billed {
  const billed = billedOf(lines, service, period);
  if (!mayLackLines || billed.hasLine) return billed;
  const { units: _, ...rest } = billed;
  const note = `lines without dates are of the current month, so a line of ${period.month} may be missing`;
  return { ...rest, reason: DOUBTS['other-period'], notes: [...billed.notes, note] };
}

/** Sums the lines of one row. `service` is absent for a line that no service names. */
export function billedOf(lines: readonly BilledLine[], service: Service | undefined, period: Period): Billed {
  if (lines.length === 0) return NO_LINE;
  const counting = lines.filter((line) => whyNotCounting(line, service, period) === undefined);
  const certain = counting.flatMap((line) =>
    isGuess(line) || 'unknown' in line.quantity || line.doubt !== undefined
      ? []
      : [{ value: decimal(line.quantity.value), included: decimal(line.included) }],
  );
  const units = certain.map(({ value, included }) => chargedUnits(value, included));
  // Whether one more unit would be free depends on the line that it would be on.
  const isFull = certain.length < 2 || certain.every(({ value, included }) => included.lte(largest(value, ZERO)));
  const reason = reasonOf(counting) ?? (isFull ? undefined : DOUBTS.ambiguous);
  const priced = priceOf(counting);
  return {
    ...(certain.length === counting.length ? { units: sum(units) } : {}),
    included: sum(certain.map(({ included }) => included)),
    ...(reason === undefined ? {} : { reason }),
    isBilled: units.some((value) => !value.eq(0)),
    hasLine: counting.length > 0,
    ...priced.price,
    priceNotes: priced.notes,
    notes: lineNotes(lines, (line) => whyNotCounting(line, service, period), period),
  };
}

/** Why a line adds nothing to its row, in a few words; undefined if it counts. */
function whyNotCounting(line: BilledLine, service: Service | undefined, { first }: Period): string | undefined {
  const { kind, from, to, doubt, billable } = line;
  if (kind === 'other') return 'not recurring';
  const isDated = doubt === undefined || doubt.kind === 'ambiguous';
  if (isDated && to !== null && to < first) return `ended ${to}`;
  if (isDated && from !== null && from > first) return `begins ${from}`;
  const isOfPeriod = doubt?.kind !== 'other-period';
  return billable || service?.notCharged === 'count' || !isOfPeriod ? undefined : 'not charged';
}

/** A number that nobody entered and the PSA did not bill: it is shown next to the line and not compared. */
const isGuess = ({ quantitySource }: BilledLine): boolean =>
  quantitySource === 'derived' || quantitySource === 'unknown';

const DOUBTS = { boundary: 'boundary day', ambiguous: 'ambiguous line', 'other-period': 'other period' } as const;

function reasonOf(counting: readonly BilledLine[]): string | undefined {
  if (counting.some(({ quantitySource }) => quantitySource === 'calculated')) return 'quantity calculated by the PSA';
  if (counting.some((line) => isGuess(line) || 'unknown' in line.quantity)) return 'quantity unknown';
  const doubt = counting.find((line) => line.doubt !== undefined)?.doubt;
  return doubt === undefined ? undefined : DOUBTS[doubt.kind];
}

type Priced = { price: { price?: UnitPrice; currency?: string }; notes: string[] };

/** The price that all lines share. Nobody agreed to the mean of two prices. */
function priceOf(counting: readonly BilledLine[]): Priced {
  if (counting.length === 0) return { price: {}, notes: [] };
  const prices = counting.flatMap(({ price }): UnitPrice[] =>
    price === undefined ? [] : [{ ...price, amount: decimal(price.amount) }],
  );
  const currencies = new Set(counting.map(({ currency }) => currency));
  const [currency] = currencies;
  const [common] = prices;
  const shared = currencies.size === 1 && currency !== undefined ? { currency } : {};
  if (currencies.size > 1) return { price: {}, notes: ['its lines are in different currencies'] };
  if (common === undefined || prices.length < counting.length) return { price: shared, notes: ['no price was read'] };
  if (prices.some((other) => !monthly(other).eq(monthly(common)))) {
    const differing = [...new Set(prices.map((each) => price(monthly(each))))].join(', ');
    return { price: shared, notes: [`its lines have different prices (${differing})`] };
  }
  return { price: { price: common, ...shared }, notes: currency === undefined ? ['no currency was read'] : [] };
}
