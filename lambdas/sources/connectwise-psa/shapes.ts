import * as z from 'zod/mini';
import { decimal, isDecimal, plain } from '../../billing/decimal.ts';
import type { DecimalText } from '../../billing/line.ts';
import { dayOrOpen } from '../reading/day.ts';
import { exact, exactOrNone } from '../reading/exact.ts';
import { orOdd } from '../reading/odd-row.ts';

const flag = z.optional(z.nullable(z.boolean()));
const text = z.optional(z.nullable(z.string()));

export const Companies = z.array(z.object({ id: z.int(), identifier: text, name: text, deletedFlag: flag }));

const Agreement = z.object({
  id: z.int(),
  name: z.string(),
  type: z.optional(z.nullable(z.object({ id: z.int() }))),
  company: z.object({ id: z.int(), name: z.string() }),
  parentAgreement: z.optional(z.nullable(z.object({ id: z.int() }))),
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
});

export type Agreement = z.output<typeof Agreement>;

export const agreementFields = Object.keys(Agreement.shape).join(',');

export const Agreements = z.array(
  orOdd('ConnectWise PSA agreement', Agreement, z.object({ id: z.int(), company: z.object({ id: z.int() }) })),
);

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

/** An amount that one version of the API writes as a number and another as text; undefined if it is neither. */
const amount: z.ZodMiniType<DecimalText | undefined> = z.pipe(
  z.optional(z.nullable(z.union([z.number(), z.string()]))),
  z.transform((value) => {
    if (typeof value === 'number') return plain(decimal(value));
    return typeof value === 'string' && isDecimal(value.trim()) ? plain(decimal(value.trim())) : undefined;
  }),
);

/** ConnectWise's own calculation for an agreement. */
export const Recaps = z.array(
  z.object({
    id: z.int(),
    name: z.string(),
    nextInvoiceAmount: amount,
    nextInvoiceDate: text,
    adjustmentAmount: amount,
  }),
);

export type Recap = z.output<typeof Recaps>[number];

export const Solutions = z.array(z.object({ id: z.int(), name: z.string() }));

const item = z.optional(z.nullable(z.object({ id: z.int() })));

/** Products whose quantity an RMM or a spam filter writes, on the agreements of one type. */
export const ManagedProducts = z.array(
  z.object({
    id: z.int(),
    agreementType: item,
    serverProduct: item,
    workstationProduct: item,
    spamStatsProduct: item,
  }),
);

/** Asking only for the fields that are read keeps pages small; `fields` takes their names. */
export const fieldsOf = ({ def: { element } }: z.ZodMiniArray<z.ZodMiniObject>): string =>
  Object.keys(element.shape).join(',');
