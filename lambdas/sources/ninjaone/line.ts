import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import { earlier, later } from '../reading/day.ts';
import type { ReadLine } from '../reading/fact.ts';
import { type Agreement, isActive, PERIOD, type Row } from './agreement.ts';
import { amount, day, find, need, number, text } from './members.ts';

const Products = z.array(z.record(z.string(), z.unknown()));

const MONTHS_OF_PERIOD = new Map([
  ['MONTHLY', 1],
  ['QUARTERLY', 3],
  ['ANNUALLY', 12],
  ['ANNUAL', 12],
  ['YEARLY', 12],
]);

/**
 * The products of an agreement as billed lines. Only what people enter, or manage as licences, is an independent
 * number; what NinjaOne counts would be compared with itself. Errors: `VendorContractError` with the names of the
 * fields seen.
 */
export function linesOf(
  row: Row,
  agreement: Agreement,
  names: ReadonlyMap<string, string>,
  currency?: string,
): ReadLine[] {
  const products = z.safeParse(Products, need(row, ['products', 'lines', 'lineItems', 'items', 'agreementProducts']));
  if (!products.success) throw new ReportError('VendorContractError', 'NinjaOne: expected a list of products');
  const { organization: id } = agreement;
  const customer = { id, name: names.get(id) ?? id };
  return products.data.map((product) => ({ ...lineOf(product, agreement, currency), customer }));
}

function lineOf(row: Row, agreement: Agreement, currency: string | undefined): Omit<ReadLine, 'customer'> {
  const id = text(row, ['id']);
  const name = text(row, ['name', 'productName', 'product.name']);
  const productId = find(row, ['productId', 'product.id']);
  const { kind, quantitySource } = typeOf(text(row, ['quantityType', 'quantitySource', 'type']));
  const unit = amount(row, ['unitPrice', 'price']);
  const period = find(row, PERIOD) ?? agreement.period;
  const months = typeof period === 'string' ? MONTHS_OF_PERIOD.get(period.toUpperCase()) : undefined;
  return {
    id: `${agreement.id}/${id}`,
    agreement: { id: agreement.id, name: agreement.name },
    product: { ...(productId === undefined ? {} : { id: String(productId) }), name },
    quantity:
      quantitySource === 'calculated' ? { unknown: 'calculated by NinjaOne' } : { value: number(row, ['quantity']) },
    included: '0',
    ...(unit === undefined || months === undefined ? {} : { price: { amount: unit, months } }),
    ...(currency === undefined ? {} : { currency }),
    from: later(day(row, ['startDate', 'startBillDate', 'effectiveDate']), agreement.from),
    to: earlier(day(row, ['endDate']), agreement.to),
    billable: unit !== '0',
    kind,
    quantitySource,
    ...(isActive(agreement) === true
      ? {}
      : { doubt: { kind: 'ambiguous', reason: `its agreement is ${JSON.stringify(agreement.state)}` } }),
    notes: months === undefined ? ['its billing period is not known, nor is the monthly price'] : [],
  };
}

function typeOf(written: string): Pick<ReadLine, 'kind' | 'quantitySource'> {
  const type = written.toUpperCase();
  if (type === 'MANUAL') return { kind: 'recurring', quantitySource: 'fixed' };
  if (/LICEN[CS]E/u.test(type)) return { kind: 'recurring', quantitySource: 'synced' };
  return { kind: type.includes('TIME') ? 'other' : 'recurring', quantitySource: 'calculated' };
}
