import * as z from 'zod/mini';
import { dayOrOpen } from '../reading/day.ts';
import { exact, exactOrNone } from '../reading/exact.ts';

const flag = z.optional(z.nullable(z.boolean()));
const text = z.optional(z.nullable(z.string()));

export const Companies = z.array(
  z.object({ id: z.int(), identifier: z.string(), name: z.string(), deletedFlag: flag }),
);

export const Agreements = z.array(
  z.object({
    id: z.int(),
    name: z.string(),
    company: z.object({ id: z.int(), name: z.string() }),
    agreementStatus: text,
    cancelledFlag: flag,
    dateCancelled: dayOrOpen,
    startDate: dayOrOpen,
    endDate: dayOrOpen,
    noEndingDateFlag: flag,
    billingCycle: z.optional(z.nullable(z.object({ name: z.string() }))),
    nextInvoiceDate: dayOrOpen,
    billAmount: exactOrNone,
    currency: z.optional(z.nullable(z.object({ currencyCode: text }))),
  }),
);

export type Agreement = z.output<typeof Agreements>[number];

/** `agreementStatus` on an addition is its agreement's, so it is not read here. */
export const Additions = z.array(
  z.object({
    id: z.int(),
    agreementId: z.int(),
    product: z.object({ id: z.int(), identifier: z.string() }),
    description: text,
    quantity: exact,
    lessIncluded: exactOrNone,
    unitPrice: exactOrNone,
    extPrice: exactOrNone,
    billCustomer: z.string(),
    effectiveDate: dayOrOpen,
    cancelledDate: dayOrOpen,
  }),
);

export type Addition = z.output<typeof Additions>[number];

/** Asking for the fields that are read keeps pages small; `fields` takes their names. */
export const fieldsOf = ({ def: { element } }: typeof Companies | typeof Agreements | typeof Additions): string =>
  Object.keys(element.shape).join(',');
