import { COLUMNS, type ColumnName, type FileSettings } from './settings.ts';

/** Other titles of a column in exports. `Description` is the product only if no other title is. */
const ALIASES: Partial<Record<ColumnName, readonly string[]>> = {
  'Company Id': ['Client Id', 'Customer Id', 'AccountNumber'],
  Company: ['Company Name', 'Client', 'Client Name', 'Customer', 'ContactName', 'client_name', 'Account'],
  Product: ['Product Name', 'Product/Service', 'Service', 'Item', 'item_shortdescription'],
  'Product Code': ['Product ID', 'SKU', 'InventoryItemCode', 'item_code', 'Item Code'],
  Quantity: ['Qty', 'Units', 'qty_order'],
  'Unit Price': ['Price', 'Rate', 'Sales Price', 'UnitAmount', 'unit_price'],
  'Line Amount': ['Ext Price', 'Amount', 'LineAmount', 'Extended Price'],
  'Unit Cost': ['Cost', 'unit_cost'],
  Currency: ['Currency Code'],
  Agreement: ['Agreement Name', 'Contract', 'Contract Name', 'Reference', 'InvoiceNumber'],
  'Line Id': ['Addition Id', 'Id'],
  Period: ['Billing Cycle', 'Frequency', 'Periodicity'],
  'Effective From': ['Effective', 'Start Date', 'startdate'],
  'Effective To': ['Cancelled', 'End Date', 'enddate'],
  'Invoice Date': ['InvoiceDate', 'Date'],
  Billable: ['Bill'],
  Included: ['lessIncluded', 'Less Included', 'Included Qty'],
};

const DESCRIPTION = 'description';

/** Which cell of a row is which column, and the titles that are not known. */
export type Titles = { places: Map<ColumnName, number>; unknown: string[] };

/** Reads the title row, or returns what is wrong with it. */
export function readTitles(row: readonly string[], { columns }: FileSettings): Titles | { faults: string[] } {
  const titles = row.map(normal);
  const faults: string[] = [];
  const places = new Map<ColumnName, number>();
  for (const name of COLUMNS) {
    const chosen = columns[name];
    const wanted = chosen === undefined ? [name, ...(ALIASES[name] ?? [])].map(normal) : [normal(chosen)];
    const matching = titles.flatMap((title, index) => (wanted.includes(title) ? [index] : []));
    const [place, other] = matching;
    if (place !== undefined) places.set(name, place);
    if (chosen !== undefined && place === undefined) faults.push(`no column "${chosen}", chosen for ${name}`);
    if (other !== undefined) {
      const seen = matching.map((index) => `"${row[index]?.trim()}"`).join(' and ');
      faults.push(`${seen} both mean ${name}; remove one, or name the right one in "columns"`);
    }
  }
  const description = titles.indexOf(DESCRIPTION);
  if (!places.has('Product') && description >= 0) places.set('Product', description);
  if (!places.has('Company') && !places.has('Company Id')) faults.push('expected a column Company Id or Company');
  for (const name of ['Product', 'Quantity'] as const) {
    if (!places.has(name)) faults.push(`expected a column ${name}`);
  }
  if (faults.length > 0) return { faults };
  const used = new Set(places.values());
  return { places, unknown: row.filter((title, index) => !used.has(index) && title.trim() !== '') };
}

const normal = (title: string): string => title.replace(/\s+/gu, ' ').trim().toLowerCase();
