import type { Day } from '../report/day.ts';
import type { Exception, Rule } from './configuration.ts';
import { type Decimal, decimal, largest, over, ZERO } from './decimal.ts';

/** What was agreed with one company about one service, as of the day of the report. */
export type Agreed = {
  inForce: readonly Exception[];
  /** Last days of expired exceptions. */
  expired: Day[];
};

export function agreedOn(today: Day, exceptions: readonly Exception[]): Agreed {
  return {
    inForce: exceptions.filter(({ until }) => until >= today),
    expired: exceptions.filter(({ until }) => until < today).map(({ until }) => until),
  };
}

/** The value of the exception of this kind that is in force. */
export function agreedValue({ inForce }: Agreed, kind: Exclude<Exception['kind'], 'ignore'>): Decimal | undefined {
  const exception = inForce.find((candidate) => candidate.kind === kind);
  return exception === undefined || exception.kind === 'ignore' ? undefined : decimal(exception.value);
}

/** "spare 5: five spare seats agreed (anna@northwind.example, until 2027-05-01)" */
export function inWords(exception: Exception): string {
  const { kind, reason, owner, until } = exception;
  const what = exception.kind === 'ignore' ? kind : `${kind} ${exception.value}`;
  return `${what}: ${reason} (${owner}, until ${until})`;
}

/** The billed side of the units due: how many are billed, and how many of the lines' units are free. */
export type BilledUnits = { units: Decimal; included: Decimal };

/**
 * Units to bill: counted minus included, at least the minimum, divided by `per`, rounded. Free units that the PSA's
 * own lines give are subtracted if neither rule nor exception includes any, because `Billed` is without them too.
 */
export function billableOf(
  counted: Decimal,
  rule: Rule | undefined,
  agreed: Agreed,
  billed: BilledUnits | undefined,
): Decimal {
  const fixed = agreedValue(agreed, 'fixed');
  if (fixed !== undefined) return fixed;
  const byRule = decimal(rule?.included ?? '0');
  const included = agreedValue(agreed, 'included') ?? (byRule.gt(0) ? byRule : undefined);
  const isUsed = counted.gt(0) || billed?.units.gt(0) === true;
  const minimum = isUsed ? (agreedValue(agreed, 'minimum') ?? decimal(rule?.minimum ?? '0')) : ZERO;
  const due = over(largest(counted.minus(included ?? ZERO), minimum), decimal(rule?.per ?? '1'), rule?.round);
  return included === undefined ? largest(due.minus(billed?.included ?? ZERO), ZERO) : due;
}
