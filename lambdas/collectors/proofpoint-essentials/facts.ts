import type { Fact } from '../../counting/facts.ts';
import { Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { ReportError } from '../../report/errors.ts';
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
  /** By domain: the eid, or the domain of one without it, under which it was counted first. */
  readonly #counts = new Map<string, string>();

  constructor(says: Says) {
    this.#says = says;
  }

  /** The facts of one row; `onPartner` is called with the domain of one that has customers of its own. */
  *of(row: Organization, onPartner: (domain: string) => void): Generator<Fact> {
    const { primary_domain: id, name, eid, type } = row;
    const { customer, hides, excluded, failed } = this.#says;
    if (id instanceof Unread) return yield* this.#withoutDomain(row, id.reason);
    yield* customer(id, name, {}, eid && !(eid instanceof Unread) ? [eid] : []);
    yield* this.#domains(id, [id], row);
    const kind = type instanceof Unread ? type : kindOf(type);
    // An unknown kind can have customers too.
    if (kind !== 'organization') yield hides(id);
    if (typeof kind === 'object') yield failed(id, kind.reason);
    else if (eid instanceof Unread) yield failed(id, eid.reason);
    else if (kind === 'organization') yield* this.#counted(row, id, eid ?? id);
    if (kind !== 'partner') return;
    yield excluded(id, 'a partner: its customers are listed instead');
    onPartner(id);
  }

  /** Only the eid shows which customer it is; whether it has customers of its own cannot be asked. */
  *#withoutDomain(row: Organization, reason: string): Generator<Fact> {
    const { eid, name } = row;
    const { customer, hides, failed } = this.#says;
    if (!eid || eid instanceof Unread) throw new ReportError('VendorContractError', reason);
    yield* customer(eid, name);
    yield* this.#domains(eid, [], row);
    yield hides(eid);
    yield failed(eid, reason);
  }

  #domains(id: string, known: readonly string[], { domains }: Organization): Fact[] {
    return this.#says.identity(id, { domains: [...known, ...(domains ?? []).map(({ name }) => name)] });
  }

  *#counted(row: Organization, id: string, eid: string): Generator<Fact> {
    const { text, count, excluded, note } = this.#says;
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
    const first = this.#counts.get(id) ?? eid;
    this.#counts.set(id, first);
    if (first !== eid) {
      yield note(`it is listed as ${first} and as ${eid}, and both are added up: check whether they are one`, id);
    }
    yield count(id, 'licences', licences, undefined, eid);
    yield count(id, 'active', active, undefined, eid);
  }
}
