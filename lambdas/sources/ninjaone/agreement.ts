import type { Day } from '../../report/day.ts';
import { isReportError } from '../../report/errors.ts';
import type { OddRow } from '../reading/odd-row.ts';
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

const ORGANIZATION = ['organizationId', 'clientId', 'organization.id'];

/** An agreement, whatever its fields are called. Errors: `VendorContractError`. */
export const agreementOf = (row: Row): Agreement => ({
  id: text(row, ['id']),
  name: text(row, ['name', 'agreementName']),
  organization: text(row, ORGANIZATION),
  state: need(row, ['status', 'active', 'state']),
  period: find(row, PERIOD),
  from: day(row, ['startDate', 'startBillDate', 'effectiveDate']),
  to: day(row, ['endDate']),
  nextBill: day(row, ['nextBillDate']),
});

/** The same, or whose an odd one is. Errors: `VendorContractError` for a row that does not show that. */
export function listedAgreement(row: Row): Agreement | OddRow<{ organization: string }> {
  try {
    return agreementOf(row);
  } catch (error) {
    if (!isReportError(error)) throw error;
    return { organization: text(row, ORGANIZATION), odd: error };
  }
}

const OFF = ['INACTIVE', 'DEACTIVATED', 'DISABLED', 'DRAFT', 'CANCELLED', 'CANCELED', 'EXPIRED', 'ENDED', 'ARCHIVED'];

/** Whether an agreement bills; undefined if its state is not a known word. */
export function isActive({ state }: Agreement): boolean | undefined {
  if (typeof state === 'boolean') return state;
  const word = String(state).toUpperCase();
  if (word === 'ACTIVE') return true;
  return OFF.includes(word) ? false : undefined;
}
