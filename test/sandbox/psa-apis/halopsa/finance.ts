import { demoAgreements, firstDayOfMonth } from '../../agreements.ts';
import type { DemoMsp } from '../../demo-msp.ts';

type Row = Record<string, unknown>;

/** What Halo writes for a day that is not set. */
const NEVER = '1900-01-01T00:00:00';
const midnight = (day: string | undefined): string => (day === undefined ? NEVER : `${day}T00:00:00`);

const plainLine = (ihid: number): Row => ({
  ihid,
  isinactive: false,
  onetimecharge: false,
  isgroupdesc: false,
  recurring_invoice_quantity_type: 0,
  quantity_assets: [],
  quantity_users: [],
  quantity_licences: [],
  quantity_subscriptions: [],
  prorata_data: [],
});

/** Agreements as Halo's recurring invoices: a heading above the lines, midnights without zone, numbers as doubles. */
export function recurringInvoicesOf(msp: DemoMsp, now: number): Row[] {
  const templates = demoAgreements(msp, now).map(({ id, name, company, companyIndex, from, lines }): Row => {
    const sold = lines.map(({ product, quantity, price, from: begins, to }, index) => ({
      ...plainLine(id),
      id: id * 100 + index,
      _itemid: product.id,
      item_code: product.code,
      item_shortdescription: product.name,
      qty_order: quantity,
      unit_price: Number(price),
      unit_cost: Number(product.cost),
      net_amount: Math.round(Number(price) * quantity * 100) / 100,
      startdate: midnight(begins),
      enddate: midnight(to),
    }));
    const heading = {
      ...plainLine(id),
      id: id * 100 + 99,
      _itemid: 0,
      item_code: '',
      item_shortdescription: 'Managed services',
      isgroupdesc: true,
      qty_order: 0,
      unit_price: 0,
      net_amount: 0,
      startdate: NEVER,
      enddate: NEVER,
    };
    return {
      id,
      name,
      client_id: 12 + companyIndex,
      client_name: company.name,
      contract_id: 0,
      disabled: false,
      is_recurring_invoice: true,
      startdate: midnight(from),
      enddate: NEVER,
      nextcreationdate: midnight(firstDayOfMonth(now, 1)),
      lastcreated: midnight(firstDayOfMonth(now, 0)),
      period: 3,
      currency_code: 1,
      currency_code_name: 'USD',
      revenue: sold.reduce((sum, { net_amount }) => sum + Math.round(net_amount * 100), 0) / 100,
      contains_calculated_quantity: false,
      lines: [heading, ...sold],
    };
  });
  const [first] = templates;
  const old = { ...first, id: 299, name: 'Before we moved', disabled: true, lines: [] };
  return [old, ...templates];
}
