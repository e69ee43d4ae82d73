import * as z from 'zod/mini';

/** A text that is not blank. */
export const someText = z.string().check(z.regex(/\S/u, 'expected some text'));
