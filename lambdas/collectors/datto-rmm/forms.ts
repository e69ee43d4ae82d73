import { textLike } from '../../wire/forms.ts';

/** The address of one of the platforms, as the portal shows it. */
export const platform = textLike(
  /^https:\/\/(pinotage|merlot|concord|vidal|zinfandel|syrah)-api\.centrastage\.net\/?$/u,
  'https://<platform>-api.centrastage.net with pinotage, merlot, concord, vidal, zinfandel or syrah',
);
