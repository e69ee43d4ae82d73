import { decimal, plain, sum } from '../../billing/decimal.ts';
import type { Period } from '../../billing/period.ts';
import { earlier, later } from '../reading/day.ts';
import type { ReadLine } from '../reading/fact.ts';
import type { Line, Template } from './shapes.ts';

/** Codes of `period` as seen on instances; they are not documented, and 4 was never seen. */
const MONTHS_OF_PERIOD = new Map([
  [3, 1],
  [5, 6],
  [6, 12],
]);

const isSet = (value: number | null | undefined): value is number => typeof value === 'number' && value > 0;
const isZero = (value: string | undefined): boolean => value === undefined || value === '0';

/** A price that was not read is not a price of 0. */
const isFree = ({ unit_price, net_amount }: Line): boolean =>
  (unit_price ?? net_amount) !== undefined && isZero(unit_price) && isZero(net_amount);

/** Headings and remarks sell nothing. Whatever costs money is a line. */
export const isComment = ({ _itemid, net_amount, unit_price, qty_order }: Line): boolean =>
  !isSet(_itemid) && isZero(net_amount) && (isZero(unit_price) || isZero(qty_order));

/** A line of a recurring invoice as a billed line. `currency`: that of its template. */
export function lineOf(line: Line, template: Template, period: Period, currency?: string): ReadLine {
  const to = earlier(line.enddate, template.enddate);
  const doubt = doubtOf(to, template, period);
  const { unit, ...money } = moneyOf(line, template);
  const { quantity, notes } = quantityOf(line, period);
  return {
    id: String(line.id),
    agreement: { id: String(template.id), name: template.name ?? `recurring invoice ${template.id}` },
    product: productOf(line),
    customer: { id: String(template.client_id), name: template.client_name },
    quantity,
    included: '0',
    ...(unit === undefined ? {} : { price: unit }),
    // The net amount is for the quantity on the line, without pending changes.
    ...(line.net_amount === undefined || notes.length > 0 ? {} : { amount: line.net_amount }),
    ...(currency === undefined ? {} : { currency }),
    from: later(line.startdate, template.startdate),
    to,
    billable: !isFree(line),
    kind: [line.onetimecharge, line.is_meter, line.is_bundled_line].includes(true) ? 'other' : 'recurring',
    quantitySource: quantitySourceOf(line),
    ...(doubt === undefined ? {} : { doubt }),
    notes: [...notes, ...money.notes, ...payerOf(template)],
  };
}

function productOf({ _itemid, item_code, item_shortdescription }: Line): ReadLine['product'] {
  const code = item_code?.trim() ?? '';
  const name = [item_shortdescription?.trim(), code].find((text) => text !== undefined && text !== '');
  return {
    ...(isSet(_itemid) ? { id: String(_itemid) } : {}),
    ...(code === '' ? {} : { code }),
    name: name ?? (isSet(_itemid) ? `item ${_itemid}` : 'line without item or text'),
  };
}

/** Pending pro rata entries are differences: Halo adds them to the line when it invoices them. */
function quantityOf({ qty_order, prorata_data }: Line, { first }: Period): Pick<ReadLine, 'quantity' | 'notes'> {
  if (qty_order === undefined) return { quantity: { unknown: 'the line has no quantity' }, notes: [] };
  const pending = (prorata_data ?? []).filter(({ isinvoiced }) => isinvoiced !== true);
  const due = pending.filter(({ date }) => date === null || date <= first);
  const changes = due.map(({ quantity }) => quantity);
  const notes = pending.map(
    ({ date, quantity }) => `${quantity ?? 'an unknown number'} pending from ${date ?? 'no day'}, next to ${qty_order}`,
  );
  const certain = changes.filter((change) => change !== undefined);
  if (certain.length < changes.length) return { quantity: { unknown: 'a pending change has no quantity' }, notes };
  return { quantity: { value: plain(sum([qty_order, ...certain].map(decimal))) }, notes };
}

/** Halo counts a calculated line again when it invoices; a distributor's subscription is synced every day. */
export function quantitySourceOf(line: Line): ReadLine['quantitySource'] {
  const { quantity_assets, quantity_users, quantity_licences, quantity_subscriptions, quantity_custom } = line;
  const isCounted =
    [quantity_assets, quantity_users, quantity_licences].some((counted) => (counted ?? []).length > 0) ||
    [line._is_calculated_line, line.calculate_price_from_users, line.calculate_price_from_assets].includes(true) ||
    (quantity_custom ?? '') !== '';
  if (isCounted) return 'calculated';
  if ((quantity_subscriptions ?? []).length > 0) return 'synced';
  return [undefined, null, 0].includes(line.recurring_invoice_quantity_type) ? 'fixed' : 'calculated';
}

/** Whether a line is charged on other invoices than the template's every one. */
export const hasOwnCycle = ({ line_periods, billingperiod }: Line, { period }: Template): boolean =>
  (isSet(line_periods) && line_periods > 1) || (isSet(billingperiod) && billingperiod !== period);

function moneyOf(line: Line, template: Template): { unit?: ReadLine['price']; notes: string[] } {
  const { period } = template;
  if (line.unit_price === undefined) return { notes: [] };
  if (hasOwnCycle(line, template)) {
    return { notes: ['it is billed on a cycle of its own, so the monthly price is not known'] };
  }
  const months = MONTHS_OF_PERIOD.get(period ?? 0);
  if (months !== undefined) return { unit: { amount: line.unit_price, months }, notes: [] };
  return { notes: [`its recurring invoice has the period ${period ?? 'none'}, so the monthly price is not known`] };
}

/** It is not documented whether an invoice made on the last day still charges it. */
function doubtOf(to: string | null, { nextcreationdate }: Template, { first }: Period): ReadLine['doubt'] {
  if (to === null || to < first || (to !== first && to !== nextcreationdate)) return undefined;
  return { kind: 'boundary', reason: `it ends on ${to}, a day on which it may still be charged` };
}

const payerOf = ({ client_id, client_to_invoice_to_id }: Template): string[] =>
  isSet(client_to_invoice_to_id) && client_to_invoice_to_id !== client_id
    ? [`invoiced to client ${client_to_invoice_to_id}`]
    : [];
