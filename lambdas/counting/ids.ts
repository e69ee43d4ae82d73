import * as z from 'zod/mini';
import { textLike } from '../wire/forms.ts';

/** An id as text; numbers are accepted, as organizations.json may write them. */
export const anyId = z.pipe(z.union([z.string(), z.number()]), z.transform(String));

/** A guid as it was written: for what is sent back to whoever made it. */
export const guidAsWritten = textLike(
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu,
  'a guid (8-4-4-4-12 hexadecimal digits)',
);

/** An id in lower case, however it was written. */
export const lowerCase = (form: z.ZodMiniString<string>) =>
  z.pipe(
    form,
    z.transform((id) => id.toLowerCase()),
  );

/** A guid, normalised to lower case. */
export const guid = lowerCase(guidAsWritten);

/** A whole number written as text. */
export const digits = z.pipe(
  z.union([z.string(), z.number()]),
  z.pipe(z.transform(String), textLike(/^\d+$/u, 'digits only')),
);
