import type { CellGap, Collection, CustomerCount } from '../report/collection.ts';
import { failureOf, isReportError, ReportError } from '../report/errors.ts';
import type { Redactor } from '../wire/redact.ts';

/**
 * The error that leaves an integration's step: one of our names, no secret in its message, no cause that could contain
 * one.
 */
export function redactedError(error: unknown, redactor: Redactor): ReportError {
  const { error: name, message } = failureOf(error);
  return new ReportError(name, redactor.clean(message), { wide: isReportError(error) && error.wide });
}

/**
 * The same collection without secrets in its sentences. Ids, names and numbers stay: a count must not depend on a
 * secret.
 */
export function redactedCollection(collection: Collection, redactor: Redactor): Collection {
  const clean = (text: string): string => redactor.clean(text);
  const cleanGap = ([column, gap]: [string, CellGap]): [string, CellGap] => [
    column,
    { ...gap, reason: clean(gap.reason) },
  ];
  const cleanCustomer = (customer: CustomerCount): CustomerCount => {
    const gaps = Object.fromEntries(Object.entries(customer.gaps).map(cleanGap));
    const cleaned = { ...customer, gaps, notes: customer.notes.map(clean) };
    return cleaned.state === 'counted' ? cleaned : { ...cleaned, reason: clean(cleaned.reason) };
  };
  return { ...collection, customers: collection.customers.map(cleanCustomer), notes: collection.notes.map(clean) };
}
