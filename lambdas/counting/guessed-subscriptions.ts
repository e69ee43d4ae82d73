import * as z from 'zod/mini';
import { type Day, daysAfter } from '../report/day.ts';
import { ReportError } from '../report/errors.ts';
import { quantity } from '../report/quantity.ts';
import { fingerprint } from '../wire/fingerprint.ts';
import type { ListOf } from '../wire/lists.ts';
import { flag, preset } from '../wire/options.ts';
import type { Fact, Piece } from './facts.ts';
import { asNumber, find, type GuessedRow, has, numberOf, textOf, wordOf } from './guessed-row.ts';
import { figure, Unread } from './row-forms.ts';
import {
  boughtOnce,
  cycleOf,
  endedThough,
  isAzurePlan,
  notBegun,
  pricedByUsage,
  type Seat,
  type Terms,
} from './seats.ts';
import { dayForm, termDay, termsOf } from './term-facts.ts';
import type { Verbs } from './verbs.ts';
import { folded, UnknownWord, type Words, words } from './words.ts';

/*
 * Subscriptions of vendors whose documents are not public: fields have several probable names, and the meaning of words
 * is not documented.
 */

const texts = z.array(z.string().check(z.minLength(1)));

/** Options for such subscriptions. */
export const subscriptionRules = {
  liveStates: preset(texts, [], 'further states that mean a live subscription, each as a whole, besides "active"'),
  endedStates: preset(texts, [], 'further states that mean an ended or future subscription, each as a whole'),
  includeTrials: flag('count trials too'),
  usageProducts: preset(
    texts,
    [],
    'names of further products that are priced by usage: their quantity is not a number of seats',
  ),
};

type Names = readonly string[];

/** The rules with the names of a row's fields; `unit` is for vendors that state what they count. */
export type SubscriptionRules = {
  liveStates: Names;
  endedStates: Names;
  includeTrials: boolean;
  usageProducts: Names;
  members: Record<'product' | 'sku' | 'quantity' | 'state' | 'trial', Names> & { unit?: Names };
};

/** The faults of the rules, a sentence each. */
export function ruleFaults({
  liveStates,
  endedStates,
}: Pick<SubscriptionRules, 'liveStates' | 'endedStates'>): string[] {
  const live = new Set(liveStates.map(folded));
  return endedStates
    .filter((state) => live.has(folded(state)))
    .map((state) => `endedStates: "${state}" is in liveStates too; leave it in one of them`);
}

const STATES = {
  live: ['active'],
  trial: ['trial', 'free trial', 'active trial', 'trial active', 'in trial'],
  ended: [
    ...['inactive', 'cancelled', 'canceled', 'suspended', 'expired', 'disabled', 'deleted', 'terminated', 'failed'],
    ...['pending', 'pending active', 'trial expired', 'trial ended'],
  ],
};

/**
 * States as whole texts: a live one can announce its end ("active - pending cancellation"), and is billed until then.
 */
function stateOf({ liveStates, endedStates }: SubscriptionRules): Words<keyof typeof STATES> {
  const configured = new Set([...liveStates, ...endedStates].map(folded));
  const rest = (states: Names): string[] => states.filter((state) => !configured.has(folded(state)));
  return words('state', {
    live: [...liveStates, ...rest(STATES.live)],
    trial: rest(STATES.trial),
    ended: [...endedStates, ...rest(STATES.ended)],
  });
}

/**
 * A customer by its name, which is only for people: without one it goes by its id, with a remark that names the fields
 * seen.
 */
export function* customerNamed(
  { customer, note }: Pick<Verbs<never>, 'customer' | 'note'>,
  id: string,
  row: GuessedRow,
  names: Names,
  option: string,
): Generator<Fact> {
  const name = wordOf(row, names);
  yield* customer(id, name ?? id);
  if (name !== undefined) return;
  const seen = Object.keys(row).join(', ');
  yield note(
    `a customer has no ${names.join(' or ')} (fields seen: ${seen}); if the field has another name, set it in ${option}`,
  );
}

const PAY_AS_YOU_GO = /\bpay[- ]as[- ]you[- ]go\b/iu;
/** A product with one of these words is priced by usage: a row of it without a quantity did not lose it. */
const USAGE = /\b(azure|usage|consumption)\b/iu;

const LISTED_TWICE = 'some subscriptions are in several of its lists and were counted once';
const UNKNOWN_STATE = 'add it to liveStates or endedStates in the configuration';
const WHICH_QUANTITY = 'name the right field alone in members.quantity in the configuration';
const NO_QUANTITY =
  'it has no quantity; in the configuration, add its name to usageProducts if it is priced by usage, else the name of the ' +
  'field to members.quantity';

/** Errors: `VendorContractError` if a row that was requested for this customer names another one under `names`. */
export function refuseStranger(row: GuessedRow, names: Names, customer: string, what: string): void {
  const owner = wordOf(row, names);
  if (owner === undefined || owner.toLowerCase() === customer.toLowerCase()) return;
  throw new ReportError('VendorContractError', `${what}: it belongs to ${owner}, not to ${customer}`);
}

type Kit = {
  rules: SubscriptionRules;
  /** What a row is, for messages. */
  what: string;
  /** Identifies a row. */
  idOf: (row: GuessedRow) => string;
  /** The day of the report. */
  today: Day;
};

/**
 * The seats of a customer's live subscriptions. An unknown word or number makes its product's cell blank; if no row has
 * a field for the state, all count, with a remark. Errors: `VendorContractError` naming the fields seen, for a row
 * without a name, and if no row has a field for the quantity.
 */
export function* guessedSeats(
  { seats, note }: Pick<Verbs<never>, 'seats' | 'note'>,
  customer: string,
  rows: readonly GuessedRow[],
  kit: Kit,
): Generator<Fact> {
  const isUnstated = rows.length > 0 && !rows.some((row) => has(row, kit.rules.members.state));
  if (isUnstated) yield note('some subscriptions have no state and were counted');
  yield* seats(customer, rows, seatReader(rows, kit));
}

/** A list of a customer's subscriptions: names of fields that can hold a row's owner, each with who that must be. */
type OwnedList = { list: ListOf<GuessedRow>; owners: readonly (readonly [names: Names, owner: string])[] };

/**
 * The same for all lists of a customer, yet to be read. A subscription that several of them hold counts once, with a
 * remark. Errors: as of `read` and `guessedSeats`, and if two lists contradict each other.
 */
export async function* readGuessedSeats(
  verbs: Pick<Verbs<never>, 'read' | 'seats' | 'note'>,
  customer: string,
  lists: readonly OwnedList[],
  kit: Kit,
): AsyncGenerator<Fact | Piece> {
  const rows: GuessedRow[] = [];
  const marks = new Map<string, string>();
  for (const { list, owners } of lists) {
    yield* verbs.read(list, (row) => {
      for (const [names, owner] of owners) refuseStranger(row, names, owner, kit.what);
      const id = kit.idOf(row);
      const mark = fingerprint(row);
      const before = marks.get(id);
      if (before === mark) return verbs.note(LISTED_TWICE, customer);
      if (before !== undefined)
        throw new ReportError('VendorContractError', `${kit.what}: two lists contradict each other on ${id}`);
      marks.set(id, mark);
      rows.push(row);
      return undefined;
    });
  }
  yield* guessedSeats(verbs, customer, rows, kit);
}

/** Reads the seats of each of a customer's `rows`. */
function seatReader(rows: readonly GuessedRow[], { rules, what, idOf, today }: Kit): (row: GuessedRow) => Seat {
  const { members } = rules;
  const isStated = rows.some((row) => has(row, members.state));
  const isCounted = rows.some((row) => has(row, members.quantity));
  const readState = stateOf(rules);

  return (row) => {
    const state = isStated ? readState(wordOf(row, members.state)) : 'live';
    if (state === 'ended') return undefined;
    const product = textOf(row, [...members.product, ...members.sku], what);
    const trial = rules.includeTrials ? 'no' : state === 'trial' ? 'yes' : trialOf(row, product, members);
    if (trial === 'yes') return undefined;
    if (isUsage(row, product, rules)) return pricedByUsage(product);
    const terms = [...CYCLES, ...COMMITMENTS].map((name) => wordOf(row, [name]));
    const once = boughtOnce(product, terms);
    if (once !== undefined) return once;

    const { unit: units = [] } = members;
    const measure = find(row, units) === undefined ? undefined : textOf(row, units, what);
    if (state instanceof UnknownWord) {
      const remedy = wordOf(row, members.state) === undefined ? '' : `; ${UNKNOWN_STATE}`;
      return { product, measure, unknown: `${state.reason}${remedy}` };
    }
    const wordsAt = (names: Names): string[] => names.flatMap((name) => wordOf(row, [name]) ?? []);
    for (const doubt of [trial, ...wordsAt(CYCLES).map(cycleOf), ...wordsAt(COMMITMENTS).map(commitmentOf)])
      if (doubt instanceof UnknownWord) return { product, measure, unknown: doubt.reason };
    const starts = z.safeParse(dayForm(), wordOf(row, ['startDate']) ?? '');
    if (!starts.success) return { product, measure, unknown: 'its startDate is not a date' };
    const later = notBegun(product, starts.data, today);
    if (later !== undefined) return later;
    const ends = endOf(row);
    if (ends instanceof Unread) return { product, measure, unknown: 'its endDate is not a date' };
    if (isStated && ends !== undefined && ends < today) return { product, measure, unknown: endedThough(ends) };
    if (isCounted && find(row, members.quantity) === undefined) return { product, measure, unknown: NO_QUANTITY };
    const seats = isCounted ? asNumber(find(row, members.quantity)) : numberOf(row, members.quantity, what);
    // A vendor that states its units also counts terabytes, which come in fractions.
    if (seats === undefined || (units.length === 0 && !Number.isInteger(seats)))
      return { product, measure, unknown: 'its quantity is not a whole number' };
    const other = members.quantity.find((name) => (asNumber(find(row, [name])) ?? seats) !== seats);
    if (other !== undefined)
      return {
        product,
        measure,
        unknown: `it has ${quantity(seats, 'seat')}, but its ${other} is ${find(row, [other])}; ${WHICH_QUANTITY}`,
      };
    const id = idOf(row);
    if (seats === 0) return undefined;
    return { product, measure, seats, unit: { id, name: product }, terms: termFacts(row, id, seats) };
  };
}

/** The day on which it ends; undefined if it renews later. */
function endOf(row: GuessedRow): Day | Unread | undefined {
  const ends = figure(dayForm()).parse(wordOf(row, ['endDate']) ?? '');
  const renewal = termDay().parse(wordOf(row, ['renewalDate']));
  return ends instanceof Unread || (ends !== null && !(renewal && renewal > ends)) ? ends : undefined;
}

/** Fields that can hold how often it is paid. */
const CYCLES = ['billingCycle', 'billingFrequency'];

/** Fields that can hold the length of the commitment; what is bought once can say so there too. */
const COMMITMENTS = ['commitmentTerm', 'term'];

/** A length of time (`36`, `1 year`, `P1Y6M`), or none. */
const LENGTH =
  /^(\d{1,4}[\s-]?((day|week|month|year)s?)?|p(\d{1,4}[dwmy])+|none|no commitment|month[\s-]to[\s-]month)$/iu;

/** A length is recurring; any other word has to be one of a billing cycle. */
const commitmentOf = (word: string) => {
  const known = LENGTH.test(word) ? 'recurring' : cycleOf(word);
  return known instanceof UnknownWord ? new UnknownWord('term', word) : known;
};

/** Term facts under the names that other distributors use; each is blank if the row has no such field. */
function termFacts(row: GuessedRow, id: string, quantity: number): Terms {
  const word = (...names: string[]): string | undefined => wordOf(row, names);
  const day = (...names: string[]) => termDay().parse(word(...names));
  const renewal = day('renewalDate');
  const renews = find(row, ['autoRenew', 'autoRenewal']);
  return termsOf(id, {
    ...{ seller: 'distributor', quantity, currency: word('currency'), unitCost: word('unitCost') },
    billingTerm: word(...CYCLES),
    commitment: word(...COMMITMENTS),
    autoRenew: typeof renews === 'boolean' ? renews : undefined,
    termEnd: renewal ? daysAfter(renewal, -1) : day('endDate'),
  });
}

const flagOf = words('trial flag', { yes: ['true', '1', 'yes'], no: ['false', '0', 'no'] }, { absent: 'no' });

const trialOf = (row: GuessedRow, product: string, { trial }: SubscriptionRules['members']) =>
  /\btrial\b/iu.test(product) ? 'yes' : flagOf(String(find(row, trial) ?? ''));

function isUsage(row: GuessedRow, product: string, { usageProducts, members }: SubscriptionRules): boolean {
  if (usageProducts.some((other) => folded(other) === folded(product))) return true;
  if (isAzurePlan(product) || PAY_AS_YOU_GO.test(product)) return true;
  return USAGE.test(product) && find(row, members.quantity) === undefined;
}
