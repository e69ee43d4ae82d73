import type { Fact } from '../../counting/facts.ts';
import { Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { quantity } from '../../report/quantity.ts';
import { figuresOf, isActive, kindOf, type Organization } from './organization.ts';

type Says = Verbs<'licences' | 'active' | 'package'>;

/**
 * The facts of the rows of all lists. An organization below two partners is listed twice and counts once.
 */
export class OrganizationFacts {
  readonly #says: Says;
  /** By eid: the organization that had it first. Whether stacks share one series of eids is not documented. */
  readonly #owners = new Map<string, string>();

  constructor(says: Says) {
    this.#says = says;
  }

  /** The facts of one row; `onPartner` is called for one that has customers of its own. */
  *of(row: Organization, onPartner: (id: string) => void): Generator<Fact> {
    const { primary_domain: id, name, eid, type, domains = [] } = row;
    const { customer, identity, partner, excluded, failed } = this.#says;
    yield* customer(id, name || id, {}, eid && !(eid instanceof Unread) ? [eid] : []);
    yield* identity(id, { domains: [id, ...(domains ?? []).map((domain) => domain.name)] });
    const kind = type instanceof Unread ? type : kindOf(type);
    // An unknown kind can have customers too.
    if (kind !== 'organization') yield partner(id);
    if (typeof kind === 'object') yield failed(id, kind.reason);
    else if (eid instanceof Unread) yield failed(id, eid.reason);
    else if (kind === 'organization') yield* this.#counted(row, eid ?? id);
    if (kind !== 'partner') return;
    yield excluded(id, 'a partner: its customers are listed instead');
    onPartner(id);
  }

  *#counted(row: Organization, eid: string): Generator<Fact> {
    const { text, count, excluded, note } = this.#says;
    const { primary_domain: id } = row;
    const owner = this.#owners.get(eid) ?? id;
    this.#owners.set(eid, owner);
    if (owner !== id) {
      const shared = `eid ${eid} belongs to ${owner} and to ${id}: map them by their domains, or both are added up`;
      for (const either of [owner, id]) yield note(shared, either);
    }
    if (!isActive(row)) {
      yield excluded(id, 'it is not active');
      return;
    }
    const { package: name, licences, active, onTrial } = figuresOf(row);
    yield text(id, 'package', name);
    if (onTrial) {
      yield note(`on trial, so shown as 0: ${quantity(active, 'active user')}`, id);
      return;
    }
    yield count(id, 'licences', licences, undefined, eid);
    yield count(id, 'active', active, undefined, eid);
  }
}
