import * as z from 'zod/mini';

const Id = z.object({ id: z.int() });

/** What a create call answers: an array of one is answered with a single object, by most instances. */
export const Made = z.pipe(
  z.union([Id, z.tuple([Id])]),
  z.transform((made) => (Array.isArray(made) ? made[0] : made)),
);
