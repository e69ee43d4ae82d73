import * as z from 'zod/mini';
import { decimal, plain } from '../../billing/decimal.ts';
import type { DecimalText } from '../../billing/line.ts';

/** A number of an answer as the decimal that was written; quantities and prices are never converted to binary. */
export const exact: z.ZodMiniType<DecimalText> = z.pipe(
  z.number(),
  z.transform((value) => plain(decimal(value))),
);

/** The same for an optional number. */
export const exactOrNone: z.ZodMiniType<DecimalText | undefined> = z.pipe(
  z.optional(z.nullable(z.number())),
  z.transform((value) => (value === undefined || value === null ? undefined : plain(decimal(value)))),
);
