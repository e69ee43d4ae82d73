import * as z from 'zod/mini';
import type { Period } from '../../billing/period.ts';
import { listRows, name, searchRows } from '../../psa/kaseya-bms/envelope.ts';
import { monthsAfter } from '../../report/day.ts';
import { ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { apart, isOdd, type OddRow, orOdd } from '../reading/odd-row.ts';
import type { Bill } from './bills.ts';
import * as shapes from './shapes.ts';

/** Headers can only be searched by creation day, which can be long before the day of the invoice. */
const MADE_BEFORE_MONTHS = 6;

/** Accounts, including inactive ones: they can still have a bill. */
export const accountsOf = (api: Api): AsyncGenerator<z.output<typeof shapes.Account>> =>
  listRows(api, '/v2/crm/accounts/summary', shapes.Account);

/** Whose a row is: of a service on a contract, and of an invoice. */
const Owned = z.object({ id: z.int(), accountid: z.int() });
type Odd = OddRow<z.output<typeof Owned>>;

/**
 * Contracts of every type and status: tenants can have their own words for these. An odd one is left out, and what is
 * on it is doubted.
 */
export async function contractsOf(api: Api): Promise<ReadonlyMap<number, shapes.Contract>> {
  const row = orOdd(`${name} contract`, shapes.Contract, z.object({ id: z.int() }));
  const rows = await Array.fromAsync(listRows(api, '/v2/finance/contracts/summary', row));
  return new Map(rows.flatMap((contract) => (isOdd(contract) ? [] : [[contract.id, contract]])));
}

export async function catalogueOf(api: Api): Promise<ReadonlyMap<number, shapes.Sold>> {
  const rows = await searchRows(api, '/v2/admin/finance/services/search', shapes.Sold, {});
  return new Map(rows.map((sold) => [sold.id, sold]));
}

/** Services on contracts that have not ended; each service of the catalogue has a list of its own. */
export async function relatedTo(
  api: Api,
  services: readonly number[],
  { first }: Period,
): Promise<(shapes.Related | Odd)[]> {
  const row = orOdd(`${name} service on a contract`, shapes.Related, Owned);
  const related: (shapes.Related | Odd)[] = [];
  for (const id of services) {
    const path = `/v2/admin/finance/services/${id}/relatedservices/search`;
    related.push(...(await searchRows(api, path, row, { ContractEndDateFrom: `${first}T00:00:00Z` })));
  }
  return related;
}

/**
 * Invoices of the period and of `months` before it, with their lines; one that is odd itself or has an odd line counts
 * as odd. Errors: `VendorContractError` for lines without an invoice.
 */
export async function billedIn(api: Api, { month, first, last }: Period, months: number): Promise<(Bill | Odd)[]> {
  const from = `${monthsAfter(month, -months)}${first.slice(7)}`;
  const made = {
    'Filter.CreatedFrom': `${monthsAfter(month, -months - MADE_BEFORE_MONTHS)}-01`,
    'Filter.CreatedTo': last,
  };
  const header = orOdd(`${name} invoice`, shapes.Header, Owned);
  const headers = await Array.fromAsync(listRows(api, '/v2/finance/invoices/summary', header, made, 'short'));
  const within = { InvoiceDateFrom: from, InvoiceDateTo: last };
  const line = orOdd(`${name} invoice line`, shapes.BillLine, z.object({ id: z.int(), invoiceid: z.int() }));
  const lines = await searchRows(api, '/v2/finance/invoices/details', line, within);
  const byInvoice = Map.groupBy(lines, ({ invoiceid }) => invoiceid);
  const listed = new Set(headers.map(({ id }) => id));
  const stray = lines.find(({ invoiceid }) => !listed.has(invoiceid));
  if (stray !== undefined) {
    const what = `lines of invoice ${stray.invoiceid}, which it does not list`;
    throw new ReportError('VendorContractError', `${name} has ${what}`);
  }
  return headers.flatMap((header): (Bill | Odd)[] => {
    if (isOdd(header)) return [header];
    if (header.invoicedate === null || header.invoicedate < from || header.invoicedate > last) return [];
    const { sound, odd } = apart(byInvoice.get(header.id) ?? []);
    const [fault] = odd;
    return [fault === undefined ? { header, lines: sound } : { ...header, odd: fault.odd }];
  });
}
