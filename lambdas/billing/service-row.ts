import { distinct } from '../report/order.ts';
import type { Billed } from './billed.ts';
import type { CompanyBilling } from './companies.ts';
import type { Service } from './configuration.ts';
import type { Counted } from './counted.ts';
import { type Decimal, decimal, money, monthly, plain, price, type UnitPrice, ZERO } from './decimal.ts';
import type { BilledLine } from './line.ts';
import type { ReconciliationRow, State } from './reconciliation.ts';
import { type Agreed, agreedValue, billableOf, inWords } from './rule.ts';

/** Everything known about one company and service. */
export type Pair = {
  company: { id: string; name: string };
  service: Service;
  counted: Counted;
  billing: CompanyBilling;
  lines: readonly BilledLine[];
  billed: Billed;
  agreed: Agreed;
};

/** The price per unit and month that most companies are billed. */
export type UsualPrice = { price: UnitPrice; currency: string };

/** True if there is something to compare, or there could be in what was not read. */
export function isWorthARow(pair: Pair): boolean {
  const { counted, lines, agreed } = pair;
  if (lines.length > 0) return true;
  if ('reason' in counted) return counted.mapped || agreed.inForce.length > 0;
  return !counted.value.eq(0) || billable(pair)?.eq(0) === false;
}

export function serviceRow(pair: Pair, usual: UsualPrice | undefined, period: string): ReconciliationRow {
  const { company, service, counted, billing, lines, billed, agreed } = pair;
  const sides = { billable: billable(pair), billed: billing.blank === undefined ? billed.units : undefined };
  const reasons = reasonsOf(pair);
  const { state, reason } = verdict(pair, sides, reasons);
  const difference =
    reasons.length > 0 || sides.billable === undefined || sides.billed === undefined
      ? undefined
      : sides.billable.minus(sides.billed);
  const unit = unitPriceOf(pair);
  const notes = [
    ...[...reasons, ...uncounted(counted)].filter((other) => other !== reason),
    ...(billing.remark === undefined ? [] : [billing.remark]),
    ...counted.notes,
    ...billed.notes,
    ...(difference === undefined || difference.eq(0) ? [] : billed.priceNotes),
    ...agreed.inForce.map(inWords).filter((words) => words !== reason),
    ...agreed.expired.map((day) => `exception expired ${day}`),
    ...usualNote(pair, usual),
  ];
  return {
    company: company.name,
    companyId: company.id,
    service: service.name,
    serviceId: service.id,
    state,
    counted: 'value' in counted ? plain(counted.value) : null,
    billable: sides.billable === undefined ? null : plain(sides.billable),
    billed: sides.billed === undefined ? null : plain(sides.billed),
    difference: difference === undefined ? null : plain(difference),
    unitPrice: unit.price === undefined ? null : price(monthly(unit.price)),
    moneyDifference:
      difference === undefined || unit.price === undefined || unit.currency === undefined
        ? null
        : money(monthly(unit.price, difference)),
    currency: unit.currency ?? null,
    period,
    reason: reason ?? null,
    ...origin(lines),
    billedFrom: lines.length === 0 ? billing.billedFrom : origin(lines).billedFrom,
    note: inOneLine(notes),
  };
}

/** Where lines come from and what they sell, each once and sorted. */
export function origin(lines: readonly BilledLine[]) {
  const once = <T>(values: readonly T[]): T[] =>
    distinct(values.map((value) => JSON.stringify(value))).map((text): T => JSON.parse(text));
  return {
    agreements: once(lines.flatMap(({ agreement }) => (agreement === undefined ? [] : [agreement]))),
    products: once(lines.map(({ product }) => product)),
    lines: lines.map(({ id }) => id),
    billedFrom: distinct(lines.map(({ billedFrom }) => billedFrom)),
  };
}

export const inOneLine = (notes: readonly string[]): string | null =>
  notes.length === 0 ? null : [...new Set(notes)].join('; ');

function billable({ counted, service, agreed, billing, billed }: Pair): Decimal | undefined {
  if ('reason' in counted) return agreedValue(agreed, 'fixed');
  const units = billing.blank === undefined ? billed.units : undefined;
  const amount = units === undefined ? undefined : { units, included: billed.included };
  return billableOf(counted.value, service.rule, agreed, amount);
}

const uncounted = (counted: Counted): string[] => ('reason' in counted ? [counted.reason] : []);

/** Why the row cannot be compared; the first one is shown as its reason. A fixed number needs no count. */
function reasonsOf({ counted, billing, billed, agreed }: Pair): string[] {
  const { blank } = billing;
  const open = agreedValue(agreed, 'fixed') === undefined ? uncounted(counted) : [];
  const failed = blank?.startsWith('billed side failed') === true;
  if (blank === undefined) return [...open, ...(billed.reason === undefined ? [] : [billed.reason])];
  return failed ? [blank, ...open] : [...open, blank];
}

type Sides = { billable: Decimal | undefined; billed: Decimal | undefined };

function verdict(
  { agreed, billed }: Pair,
  sides: Sides,
  reasons: readonly string[],
): { state: State; reason?: string } {
  const ignore = agreed.inForce.find(({ kind }) => kind === 'ignore');
  if (ignore !== undefined) return { state: 'ignored', reason: inWords(ignore) };
  const [reason] = reasons;
  if (reason !== undefined) return { state: 'not-compared', reason };
  const due = sides.billable ?? ZERO;
  const charged = sides.billed ?? ZERO;
  if (due.eq(charged)) return { state: 'matched' };
  if (due.gt(charged)) {
    const spare = agreed.inForce.find(({ kind }) => kind === 'spare');
    if (spare !== undefined && due.minus(charged).lte(agreedValue(agreed, 'spare') ?? ZERO)) {
      return { state: 'tolerated', reason: inWords(spare) };
    }
    return { state: billed.isBilled ? 'under-billed' : 'counted-not-billed' };
  }
  return { state: due.gt(0) ? 'over-billed' : 'billed-not-counted' };
}

/** The lines' own price, or that of the service if nothing is billed yet. */
function unitPriceOf({ billed, service }: Pair): { price?: UnitPrice; currency?: string } {
  if (billed.hasLine || service.price === undefined) return billed;
  return { price: { amount: decimal(service.price.amount), months: 1 }, currency: service.price.currency };
}

function usualNote({ billed, service }: Pair, usual: UsualPrice | undefined): string[] {
  if (usual === undefined || billed.hasLine || service.price !== undefined) return [];
  return [`most others are billed ${price(monthly(usual.price))} ${usual.currency}`];
}
