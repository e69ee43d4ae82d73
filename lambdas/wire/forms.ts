import * as z from 'zod/mini';

/*
 * Forms that answers and settings of many APIs share.
 */

/** A field that can be missing or null. */
export const maybe = <T extends z.ZodMiniType>(form: T): z.ZodMiniOptional<z.ZodMiniNullable<T>> =>
  z.optional(z.nullable(form));

/** A text that matches the pattern, which `expected` describes in words. */
export const textLike = (pattern: RegExp, expected: string): z.ZodMiniString<string> =>
  z.string().check(z.regex(pattern, `expected ${expected}`));

/** A text that can be missing, without blanks around it: of blanks alone, nothing is left. */
export const trimmed = maybe(z.string().check(z.trim()));

/** Some text, without blanks around it. */
export const filled = z.string().check(z.trim(), z.minLength(1));

/** A name, or an id as a number. */
export const nameOrId = z.union([z.string(), z.int()]);

/** A number of 0 or more, also one in quotes. */
export const numberLike = z.pipe(z.union([z.int(), textLike(/^\d+$/u, 'a number')]), z.transform(Number));

/**
 * An address in visible ASCII only: with a blank or an invisible character that was copied along, it would name an
 * unknown host.
 */
export const httpsAddress = z
  .url({ protocol: /^https$/u })
  .check(
    z.refine(
      (address) => /^[!-~]+$/u.test(address),
      'expected an address, https://…, without blanks and other characters that no address has',
    ),
  );
