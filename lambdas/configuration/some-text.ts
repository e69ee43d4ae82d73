import * as z from 'zod/mini';

/** A text that says something. */
export const someText = z.string().check(z.regex(/\S/u, 'expected some text'));
