import * as z from 'zod/mini';

/** An object that a person wrote; an unknown field is refused, and the message names the known ones. */
export const members = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownMember(issue.keys, shape) : undefined),
  });

const unknownMember = (keys: readonly string[], shape: object): string =>
  `unknown field ${keys.map((key) => JSON.stringify(key)).join(', ')}; known: ${Object.keys(shape).join(', ')}`;
