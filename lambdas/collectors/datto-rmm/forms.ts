import { lowerCase } from '../../counting/ids.ts';
import { textLike } from '../../wire/forms.ts';

/** A site's uid, in lower case: a guid as far as has been seen, though the API calls it a text. */
export const siteUid = lowerCase(textLike(/^(?=.*\d)[\w-]+$/u, "the site's uid, not its name"));

/** The address of one of the platforms, as the portal shows it. */
export const platform = textLike(
  /^https:\/\/(pinotage|merlot|concord|vidal|zinfandel|syrah)-api\.centrastage\.net\/?$/u,
  'https://<platform>-api.centrastage.net with pinotage, merlot, concord, vidal, zinfandel or syrah',
);
