import * as z from 'zod/mini';
import { textLike } from '../wire/forms.ts';

/*
 * Values that some vendors send in more than one spelling.
 */

/** A whole number of 0 or more, also as text of digits. */
export const wholeNumber = z.union([
  z.int().check(z.minimum(0)),
  z.pipe(textLike(/^\d+$/u, 'a whole number'), z.transform(Number)),
]);

/** A boolean, also as 1 and 0 or as text. */
export const yesNo = z.union([
  z.boolean(),
  z.pipe(
    z.literal([0, 1]),
    z.transform((bit: 0 | 1) => bit === 1),
  ),
  z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0'] }),
]);
