import * as z from 'zod/mini';
import { dayOrOpen } from '../reading/day.ts';
import { exact, exactOrNone } from '../reading/exact.ts';

const text = z.optional(z.nullable(z.string()));

export const Account = z.object({ id: z.int(), accountname: text });

export const Contract = z.object({
  id: z.int(),
  contractname: z.string(),
  status: text,
  billingcycle: text,
  contractbillingprice: exactOrNone,
});

/** A service of the catalogue. */
export const Sold = z.object({ id: z.int(), name: z.string() });

/** A service on a contract; its name can differ there. */
export const Related = z.object({
  id: z.int(),
  serviceid: z.int(),
  servicename: z.string(),
  contractid: z.int(),
  contractname: z.string(),
  accountid: z.int(),
  accountname: z.string(),
  effectivedate: dayOrOpen,
  contractstartdate: dayOrOpen,
  contractenddate: dayOrOpen,
  unitprice: exactOrNone,
});

export const Header = z.object({
  id: z.int(),
  accountid: z.int(),
  accountname: z.string(),
  statusname: text,
  invoicedate: dayOrOpen,
  invoicefrom: dayOrOpen,
  invoiceto: dayOrOpen,
  totalprice: exact,
});

export const BillLine = z.object({
  id: z.int(),
  invoiceid: z.int(),
  name: z.string(),
  qty: exact,
  unitprice: exact,
  totalprice: exact,
  valuedate: dayOrOpen,
  contractid: z.optional(z.nullable(z.int())),
});

export type Contract = z.output<typeof Contract>;
export type Sold = z.output<typeof Sold>;
export type Related = z.output<typeof Related>;
export type Header = z.output<typeof Header>;
export type BillLine = z.output<typeof BillLine>;
