import * as z from 'zod/mini';

/*
 * Forms that answers and settings of many APIs share.
 */

/** A member that may be missing or null. */
export const maybe = <T extends z.ZodMiniType>(form: T): z.ZodMiniOptional<z.ZodMiniNullable<T>> =>
  z.optional(z.nullable(form));

/** A text of this pattern; `expected` says in words what that is. */
export const textLike = (pattern: RegExp, expected: string): z.ZodMiniString<string> =>
  z.string().check(z.regex(pattern, `expected ${expected}`));

/** Some text, without blanks around it. */
export const filled = z.string().check(z.trim(), z.minLength(1));

/** A name, or an id as a number. */
export const nameOrId = z.union([z.string(), z.int()]);

/** A number of 0 or more, also one in quotes. */
export const numberLike = z.pipe(z.union([z.int(), textLike(/^\d+$/u, 'a number')]), z.transform(Number));

/** An address of ASCII alone: with a blank or an invisible character that was copied along it is a host that nobody knows. */
export const httpsAddress = z
  .url({ protocol: /^https$/u })
  .check(
    z.refine(
      (address) => /^[!-~]+$/u.test(address),
      'expected an address, https://…, without blanks and other characters that no address has',
    ),
  );
