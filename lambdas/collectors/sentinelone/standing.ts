import type { Yielded } from '../../counting/facts.ts';
import { Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { UnknownWord, words } from '../../counting/words.ts';
import type { Site } from './lists.ts';

const stateOf = words('state', { active: ['active'], expired: ['expired'], deleted: ['deleted'] });
const typeOf = words('type', { paid: ['Paid'], trial: ['Trial'] });

/** Whether an account or site counts, and why not. */
export type Standing = 'counted' | 'deleted' | { leftOut: string } | UnknownWord;

/** What a state and a type (`siteType`, `accountType`) mean. */
export function standingOf(state: string, type: string, countTrials: boolean): Standing {
  const read = stateOf(state);
  if (read === 'deleted' || read instanceof UnknownWord) return read;
  if (read !== 'active') return { leftOut: `its state is ${state}` };
  const kind = typeOf(type);
  if (kind instanceof UnknownWord) return kind;
  return kind === 'trial' && !countTrials ? { leftOut: 'it is a trial' } : 'counted';
}

/** The same for a site. */
export function standingOfSite(site: Site, countTrials: boolean): Standing {
  const standing = standingOf(site.state, site.siteType, countTrials);
  return standing === 'counted' && isEmptyDefault(site) ? { leftOut: 'default site without licences' } : standing;
}

/** The facts about the customer of a row. */
export function listed(
  { customer, identity, failed, excluded }: Verbs<never>,
  { id, name, externalId }: Pick<Site, 'id' | 'name' | 'externalId'>,
  standing: Standing,
): Yielded[] {
  if (standing === 'deleted') return [];
  const facts = [customer(id, name), identity(id, { references: [externalId] })];
  if (standing instanceof UnknownWord) return [...facts, failed(id, standing.reason)];
  return standing === 'counted' ? facts : [...facts, excluded(id, standing.leftOut)];
}

/** The facts about an account that follow from one of its sites. */
export function partOfAccount({ failed, note }: Verbs<never>, site: Site, standing: Standing): Yielded[] {
  const { accountId, activeLicenses } = site;
  const name = nameOf(site);
  if (standing instanceof UnknownWord) return [failed(accountId, `site ${name}: ${standing.reason}`)];
  if (typeof standing !== 'object' || activeLicenses === 0) return [];
  const agents = activeLicenses instanceof Unread ? '' : ` (${activeLicenses} active)`;
  return [note(`site ${name}${agents} is left out: ${standing.leftOut}`, accountId)];
}

/** The name of a site for people. */
export const nameOf = ({ id, name }: Pick<Site, 'id' | 'name'>): string => name || id;

/** True for a site that counts although it is a trial. */
export const isTrial = ({ siteType }: Pick<Site, 'siteType'>): boolean => typeOf(siteType) === 'trial';

/**
 * Every account has one, for agents that were installed without a site token. Once it is renamed or given licences, it
 * is a customer's.
 */
const isEmptyDefault = ({ isDefault, name, activeLicenses, totalLicenses, unlimitedLicenses }: Site): boolean =>
  isDefault === true &&
  /^\s*(default site)?\s*$/iu.test(name ?? '') &&
  activeLicenses === 0 &&
  (unlimitedLicenses === true || totalLicenses === 0 || totalLicenses === -1);
