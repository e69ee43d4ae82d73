import type { CatalogEntry } from './catalog.ts';
import type { CellGap, CellValue, CustomerCount } from './collection.ts';
import type { Column } from './column.ts';
import { isUsed, readingOf } from './reading.ts';
import type { CustomerFailure, UnmappedCustomer } from './report.ts';

/**
 * A customer's own account, for customers whose counts stand in no row: its fixed columns, zeros included, and every other
 * column with a value.
 */
export function accountOf(entry: CatalogEntry, columns: readonly Column[], customer: CustomerCount): UnmappedCustomer {
  const counts: [string, CellValue][] = [];
  const gaps: [string, CellGap][] = [];
  for (const column of customer.state === 'counted' ? columns : []) {
    const reading = readingOf(column, customer);
    if ('value' in reading) {
      if (column.appears === 'always' || isUsed(reading.value)) counts.push([column.title, reading.value]);
    } else if (column.appears === 'always' || reading.gap.state === 'failed') {
      gaps.push([column.title, reading.gap]);
    }
  }
  return {
    integration: entry.id,
    customerId: customer.id,
    customerName: customer.name,
    counts: Object.fromEntries(counts),
    ...(gaps.length === 0 ? {} : { gaps: Object.fromEntries(gaps) }),
    ...whyNot(customer),
  };
}

function whyNot(customer: CustomerCount) {
  const { state } = customer;
  if (state === 'counted') return {};
  const { reason } = customer;
  return state === 'failed' ? { state, error: customer.error, reason } : { state, reason };
}

/** What could not be read of a vendor that could be read on the whole. */
export function failuresOf(customers: readonly CustomerCount[]): CustomerFailure[] {
  return customers.flatMap((customer): CustomerFailure[] => {
    const { id: customerId, name: customerName } = customer;
    if (customer.state === 'failed') {
      return [{ customerId, customerName, error: customer.error, message: customer.reason }];
    }
    if (customer.state === 'excluded') return [];
    return Object.entries(customer.gaps)
      .filter(([, gap]) => gap.state === 'failed')
      .map(([column, gap]) => ({
        customerId,
        customerName,
        column,
        error: 'VendorContractError',
        message: gap.reason,
      }));
  });
}
