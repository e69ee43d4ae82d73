import { billedOf } from './billed.ts';
import { chargedUnits } from './charged.ts';
import type { CompanyBilling, Orphan } from './companies.ts';
import { type Decimal, decimal, money, monthly, plain, price, sum } from './decimal.ts';
import type { BilledLine } from './line.ts';
import type { Period } from './period.ts';
import type { ReconciliationRow } from './reconciliation.ts';
import { inOneLine, origin } from './service-row.ts';

const UNCOMPARED = {
  service: null,
  serviceId: null,
  state: 'not-compared',
  counted: null,
  billable: null,
  difference: null,
  moneyDifference: null,
} as const;

/** A billed line whose product no service names. */
export function unservedRow(
  company: { id: string; name: string },
  line: BilledLine,
  { blank, remark }: CompanyBilling,
  period: Period,
): ReconciliationRow {
  const billed = billedOf([line], undefined, period);
  const reasons = [blank, remark, billed.reason].filter((reason) => reason !== undefined);
  return {
    ...UNCOMPARED,
    company: company.name,
    companyId: company.id,
    billed: blank !== undefined || billed.units === undefined ? null : plain(billed.units),
    unitPrice: billed.price === undefined ? null : price(monthly(billed.price)),
    currency: billed.currency ?? null,
    period: period.month,
    reason: 'product in no service',
    ...origin([line]),
    note: inOneLine([...reasons, ...billed.notes]),
  };
}

/** A billed customer that is mapped to no company, or to several. */
export function orphanRow({ customer, lines, reason }: Orphan, period: Period): ReconciliationRow {
  const currencies = new Set(lines.map(({ currency }) => currency));
  const [currency] = currencies;
  return {
    ...UNCOMPARED,
    company: customer.name,
    companyId: null,
    customerId: customer.id,
    billed: null,
    unitPrice: null,
    currency: currencies.size === 1 ? (currency ?? null) : null,
    period: period.month,
    reason,
    ...origin(lines),
    note: inOneLine(costsOf(lines)),
  };
}

/** "550.00 USD a month": the recurring charges, by currency and cycle. */
function costsOf(lines: readonly BilledLine[]): string[] {
  const costs = lines.flatMap((line) => {
    const cost = line.kind === 'recurring' && line.billable ? costOf(line) : undefined;
    return cost === undefined ? [] : [{ cost, unit: `${line.currency ?? ''} ${cycleOf(line)}`.trim() }];
  });
  return [...Map.groupBy(costs, ({ unit }) => unit)].map(
    ([unit, all]) => `charged ${money(sum(all.map(({ cost }) => cost)))} ${unit}`,
  );
}

function costOf({ amount, price, quantity, included }: BilledLine): Decimal | undefined {
  if (amount !== undefined) return decimal(amount);
  if (price === undefined || 'unknown' in quantity) return undefined;
  return chargedUnits(decimal(quantity.value), decimal(included)).times(price.amount);
}

function cycleOf({ price }: BilledLine): string {
  if (price === undefined) return 'a cycle';
  return price.months === 1 ? 'a month' : `every ${price.months} months`;
}
