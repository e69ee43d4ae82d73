import * as z from 'zod/mini';
import { id } from '../../psa/superops/graphql.ts';
import { dayOrOpen } from '../reading/day.ts';

const text = z.optional(z.nullable(z.string()));
const listed = z.optional(z.nullable(z.array(z.unknown())));

export const Client = z.object({ accountId: id, name: text });

export const Item = z.object({ itemId: id, name: z.string(), unitPrice: text });

export type Item = z.output<typeof Item>;

/** Quantities are texts; null was seen on contracts for a fixed amount. */
const Change = z.object({
  effectiveDate: dayOrOpen,
  endDate: dayOrOpen,
  quantity: text,
  quantityChangeOperation: z.string(),
});

export type Change = z.output<typeof Change>;

const Sold = z.object({
  chargeItem: z.object({ itemId: id, name: text }),
  quantityCalculationType: z.string(),
  sellingPriceOverridden: z.optional(z.nullable(z.boolean())),
  sellingPrice: z.optional(
    z.nullable(z.object({ model: text, details: z.optional(z.nullable(z.array(z.object({ value: text })))) })),
  ),
  discountRate: text,
  frequencyType: z.string(),
  billableSiteType: text,
  sites: listed,
  recurringContract: z.optional(
    z.nullable(z.object({ frequencyDurationUnit: z.string(), frequencyInterval: z.int(), nextBillDate: dayOrOpen })),
  ),
  changes: z.optional(z.nullable(z.array(Change))),
});

export type Sold = z.output<typeof Sold>;

export const ClientContract = z.object({
  contractId: id,
  client: z.object({ accountId: id, name: text }),
  startDate: dayOrOpen,
  endDate: dayOrOpen,
  contractStatus: z.string(),
  contract: z.object({ name: text, contractType: z.string(), billableContract: z.optional(z.nullable(Sold)) }),
});

export type ClientContract = z.output<typeof ClientContract>;
