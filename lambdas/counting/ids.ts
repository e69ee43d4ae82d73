import * as z from 'zod/mini';

/** An id as text; numbers are accepted, as organizations.json may write them. */
export const anyId = z.pipe(z.union([z.string(), z.number()]), z.transform(String));

/** A guid as it was written: for what is sent back to whoever made it. */
export const guidAsWritten = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu, 'expected a guid (8-4-4-4-12 hexadecimal digits)'));

/** A guid, normalised to lower case. */
export const guid = z.pipe(
  guidAsWritten,
  z.transform((value) => value.toLowerCase()),
);

/** A whole number written as text. */
export const digits = z.pipe(
  z.union([z.string(), z.number()]),
  z.pipe(z.transform(String), z.string().check(z.regex(/^\d+$/u, 'expected digits only'))),
);
