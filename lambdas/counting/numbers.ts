import * as z from 'zod/mini';

/** A whole number of 0 or more, also as a text of digits: some vendors send either. */
export const wholeNumber = z.union([
  z.int().check(z.minimum(0)),
  z.pipe(z.string().check(z.regex(/^\d+$/u, 'expected a whole number')), z.transform(Number)),
]);
