import * as z from 'zod/mini';
import { dayOrOpen } from '../reading/day.ts';
import { exact, exactOrNone } from '../reading/exact.ts';

const whole = z.optional(z.nullable(z.int()));
const text = z.optional(z.nullable(z.string()));

export const Company = z.object({ id: z.int(), companyName: text, currencyID: whole });

export const Contract = z.object({
  id: z.int(),
  companyID: z.int(),
  billToCompanyID: whole,
  contractName: z.string(),
  contractPeriodType: z.pipe(z.optional(z.nullable(z.union([z.int(), z.string()]))), z.transform(String)),
  status: z.int(),
  startDate: dayOrOpen,
  endDate: dayOrOpen,
});

/** What shows whose an odd row is. */
export const OnContract = z.object({ id: z.int(), contractID: z.int() });

export type OnContract = z.output<typeof OnContract>;
export type Company = z.output<typeof Company>;
export type Contract = z.output<typeof Contract>;

const rowOf = <S extends z.core.$ZodLooseShape>(of: S) =>
  z.object({
    ...of,
    id: z.int(),
    contractID: z.int(),
    units: exact,
    startDate: dayOrOpen,
    endDate: dayOrOpen,
    price: exactOrNone,
    approveAndPostDate: text,
  });

export const ServiceUnit = rowOf({ contractServiceID: z.int() });
export const BundleUnit = rowOf({ contractServiceBundleID: z.int() });

export const ContractService = z.object({
  id: z.int(),
  contractID: z.int(),
  serviceID: z.int(),
  unitPrice: exactOrNone,
});

export const ContractBundle = z.object({
  id: z.int(),
  contractID: z.int(),
  serviceBundleID: z.int(),
  unitPrice: exactOrNone,
  adjustedPrice: exactOrNone,
});

/**
 * A service or a bundle of the catalogue. `sku` is newer than the published documentation, so it is not requested by
 * name.
 */
export const Sold = z.object({ id: z.int(), name: z.string(), sku: text });

export type Sold = z.output<typeof Sold>;

export const Rule = z.object({ id: z.int(), isActive: z.boolean() });
