import type { Yielded } from '../../counting/facts.ts';
import { Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import type { Site } from './lists.ts';
import { isTrial, nameOf } from './standing.ts';

/** What a site adds to its customer: active and total licences, and the names of its bundles. */
export function licencesOf(
  id: string,
  { activeLicenses, totalLicenses, unlimitedLicenses, licenses, sku, ...site }: Site,
  { count, text, note }: Verbs<'active' | 'total' | 'sku'>,
): Yielded[] {
  const unlimited = unlimitedLicenses === true || totalLicenses === -1;
  const total = unlimitedLicenses instanceof Unread ? unlimitedLicenses : totalLicenses;
  const bundles =
    licenses instanceof Unread ? [licenses] : (licenses?.bundles ?? []).map((bundle) => bundle.displayName);
  const names = bundles.length > 0 ? bundles : [sku ?? ''];
  return [
    isTrial(site) ? [note(`site ${nameOf(site)} is a trial`, id)] : [],
    count(id, 'active', activeLicenses),
    unlimited ? text(id, 'total', 'unlimited') : count(id, 'total', total),
    names.filter((name) => name !== '').map((name) => text(id, 'sku', name)),
  ];
}
