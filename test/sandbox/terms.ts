import type { Client } from './clientele.ts';
import type { DemoMsp } from './demo-msp.ts';

const DAY = 86_400_000;

/** Days between two renewals of different clients. */
const STEP = 6;

/**
 * The last day of a year's term: not soon in the first month, and a month nearer in the next. The fewer `places`, the
 * nearer all are.
 */
export function termEnd({ draw, since }: DemoMsp, now: number, places: number, ...words: (string | number)[]): string {
  const days = 62 + STEP * draw(places, 'term', ...words) - (since === undefined ? 0 : 30);
  return new Date(now + days * DAY).toISOString().slice(0, 10);
}

/**
 * Seats that were bought for a year: when people leave, the seats stay until the term ends, and the use goes down at
 * once.
 */
export function yearlySeats({ since }: DemoMsp, { company, fleet }: Client): { seats: number; used: number } {
  const used = Math.ceil(fleet.users / 2);
  // Of a company that two customers share, nobody knows whose people left.
  const before = since?.lastMonth.companies.find(({ id, role }) => id === company && role !== 'two-ids');
  return { seats: Math.max(used, Math.ceil((before?.fleet.users ?? 0) / 2)), used };
}

/** Some of it lies idle, for everybody who was hired and never came. */
export const idleSeats = ({ draw }: DemoMsp, { key }: Client): number => Math.max(0, draw(9, key, 'idle seats') - 5);

/** Microsoft's own id of the subscription of Business Premium that a client bought at Pax8, as both of them show it. */
export const premiumAtPax8 = ({ guid }: DemoMsp, { key }: Client): string =>
  commerceId(guid('companySubscription', key, 'SPB', 0));

export const commerceId = (subscription: string): string => subscription.replace(/^.{8}/u, 'c0333e4c');
