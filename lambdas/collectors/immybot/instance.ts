import { textLike } from '../../wire/forms.ts';
import { described, eitherOf } from '../../wire/options.ts';

/** Where the MSP's own ImmyBot is. */
export const instance = eitherOf(
  {
    instanceSubdomain: described(
      textLike(/^[a-z0-9-]+$/iu, 'the part before .immy.bot'),
      'the part of the address before .immy.bot',
    ),
  },
  {
    baseUrl: described(
      textLike(/^https:\/\/[a-z0-9-]+\.immy\.bot\/?$/iu, 'https://….immy.bot'),
      "the instance's own address",
    ),
  },
);

type Given = { instanceSubdomain?: string | undefined; baseUrl?: string | undefined };

export const originOf = ({ instanceSubdomain, baseUrl }: Given): string =>
  new URL(baseUrl ?? `https://${instanceSubdomain}.immy.bot`).origin;

export const entraTenant = textLike(
  /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(\.[a-z0-9-]+)+)$/iu,
  'a guid or a domain',
);
