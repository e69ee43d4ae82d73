import * as z from 'zod/mini';
import { described, eitherOf } from '../../wire/options.ts';

/** Where the MSP's own ImmyBot is. */
export const instance = eitherOf(
  {
    instanceSubdomain: described(
      z.string().check(z.regex(/^[a-z0-9-]+$/iu, 'expected the part before .immy.bot')),
      'the part of the address before .immy.bot',
    ),
  },
  {
    baseUrl: described(
      z.string().check(z.regex(/^https:\/\/[a-z0-9-]+\.immy\.bot\/?$/iu, 'expected https://….immy.bot')),
      "the instance's own address",
    ),
  },
);

type Given = { instanceSubdomain?: string | undefined; baseUrl?: string | undefined };

export const originOf = ({ instanceSubdomain, baseUrl }: Given): string =>
  new URL(baseUrl ?? `https://${instanceSubdomain}.immy.bot`).origin;

export const entraTenant = z
  .string()
  .check(
    z.regex(/^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(\.[a-z0-9-]+)+)$/iu, 'expected a guid or a domain'),
  );
