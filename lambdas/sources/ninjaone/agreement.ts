import type { Day } from '../../report/day.ts';
import { day, find, need, type Row, text } from './members.ts';

export type { Row } from './members.ts';

export type Agreement = {
  id: string;
  name: string;
  organization: string;
  state: unknown;
  period: unknown;
  from: Day | null;
  to: Day | null;
  nextBill: Day | null;
};

/** Possible names of an agreement's or line's billing period. */
export const PERIOD = ['interval', 'billingPeriod', 'invoiceInterval', 'frequency'];

/** An agreement, whatever its fields are called. Errors: `VendorContractError`. */
export const agreementOf = (row: Row): Agreement => ({
  id: text(row, ['id']),
  name: text(row, ['name', 'agreementName']),
  organization: text(row, ['organizationId', 'clientId', 'organization.id']),
  state: need(row, ['status', 'active', 'state']),
  period: find(row, PERIOD),
  from: day(row, ['startDate', 'startBillDate', 'effectiveDate']),
  to: day(row, ['endDate']),
  nextBill: day(row, ['nextBillDate']),
});

const OFF = ['INACTIVE', 'DEACTIVATED', 'DISABLED', 'DRAFT', 'CANCELLED', 'CANCELED', 'EXPIRED', 'ENDED', 'ARCHIVED'];

/** Whether an agreement bills; undefined if its state is not a known word. */
export function isActive({ state }: Agreement): boolean | undefined {
  if (typeof state === 'boolean') return state;
  const word = String(state).toUpperCase();
  if (word === 'ACTIVE') return true;
  return OFF.includes(word) ? false : undefined;
}
