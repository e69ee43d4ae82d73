import * as z from 'zod/mini';
import { dayOrOpen } from '../reading/day.ts';
import { exactOrNone } from '../reading/exact.ts';

const flag = z.optional(z.nullable(z.boolean()));
const text = z.optional(z.nullable(z.string()));
const whole = z.optional(z.nullable(z.int()));
/** What a quantity is counted from: only its presence matters here. */
const counted = z.optional(z.nullable(z.array(z.unknown())));

const ProRata = z.object({ date: dayOrOpen, quantity: exactOrNone, isinvoiced: flag });

export const Line = z.object({
  id: z.int(),
  _itemid: whole,
  item_code: text,
  item_shortdescription: text,
  qty_order: exactOrNone,
  unit_price: exactOrNone,
  net_amount: exactOrNone,
  startdate: dayOrOpen,
  enddate: dayOrOpen,
  isinactive: flag,
  onetimecharge: flag,
  is_meter: flag,
  is_bundled_line: flag,
  billingperiod: whole,
  line_periods: whole,
  recurring_invoice_quantity_type: whole,
  _is_calculated_line: flag,
  calculate_price_from_users: flag,
  calculate_price_from_assets: flag,
  quantity_assets: counted,
  quantity_users: counted,
  quantity_licences: counted,
  quantity_subscriptions: counted,
  quantity_custom: text,
  prorata_data: z.optional(z.nullable(z.array(ProRata))),
});

export type Line = z.output<typeof Line>;

export const Template = z.object({
  id: z.int(),
  name: text,
  client_id: z.int(),
  client_name: z.string(),
  client_to_invoice_to_id: whole,
  disabled: flag,
  voided: flag,
  startdate: dayOrOpen,
  enddate: dayOrOpen,
  nextcreationdate: dayOrOpen,
  lastcreated: dayOrOpen,
  period: whole,
  currency_code: whole,
  currency_code_name: text,
  revenue: exactOrNone,
  lines: z.optional(z.nullable(z.array(Line))),
});

export type Template = z.output<typeof Template>;

/** A template with its lines. */
export type WholeTemplate = Template & { lines: Line[] };
