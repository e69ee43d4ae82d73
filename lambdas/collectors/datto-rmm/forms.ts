import * as z from 'zod/mini';

/** A site's uid, in lower case: a guid as far as has been seen, though the API calls it a text. */
/** The address of one of the platforms, as the portal shows it. */
export const platform = z
  .string()
  .check(
    z.regex(
      /^https:\/\/(pinotage|merlot|concord|vidal|zinfandel|syrah)-api\.centrastage\.net\/?$/u,
      'expected https://<platform>-api.centrastage.net with pinotage, merlot, concord, vidal, zinfandel or syrah',
    ),
  );
