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
  const { id, name, state, error, reason } = customer;
  const counts: [string, CellValue][] = [];
  const gaps: [string, CellGap][] = [];
  for (const column of state === 'counted' ? columns : []) {
    const reading = readingOf(column, customer);
    if ('value' in reading) {
      if (column.appears === 'always' || isUsed(reading.value)) counts.push([column.title, reading.value]);
    } else if (column.appears === 'always' || reading.gap.state === 'failed') {
      gaps.push([column.title, reading.gap]);
    }
  }
  return {
    integration: entry.id,
    customerId: id,
    customerName: name,
    counts: Object.fromEntries(counts),
    ...(gaps.length === 0 ? {} : { gaps: Object.fromEntries(gaps) }),
    ...(state === 'counted' ? {} : { state }),
    ...(error === undefined ? {} : { error }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** What could not be read of a vendor that could be read on the whole. */
export function failuresOf(customers: readonly CustomerCount[]): CustomerFailure[] {
  return customers.flatMap((customer): CustomerFailure[] => {
    const { id: customerId, name: customerName, state } = customer;
    if (state === 'failed') {
      const { error, message } = failureOfCustomer(customer);
      return [{ customerId, customerName, error, message }];
    }
    if (state === 'excluded') return [];
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

/** Why a failed customer failed; a collector that does not say broke its own contract, and that is said then. */
export const failureOfCustomer = ({ error, reason }: CustomerCount): Pick<CustomerFailure, 'error' | 'message'> => ({
  error: error ?? 'VendorContractError',
  message: reason ?? 'no reason was given',
});
