import { byText } from '../report/order.ts';
import type { Organization } from '../report/organization.ts';
import { onOneLine } from '../report/text.ts';
import { BILLED_CSV } from './billed-csv/settings.ts';
import type { BillingSource } from './configuration.ts';
import { type BilledCustomer, type BilledLine, type BilledSide, customerKey, type ReadSide } from './line.ts';

/** A source that was read. */
export type Read = BilledSide & ReadSide;

/**
 * A customer with its lines and the companies it is mapped to; `doubtful` if by an id that another customer has too.
 */
export type ListedCustomer = BilledCustomer & {
  idOf: string;
  lines: BilledLine[];
  claimedBy: Organization[];
  doubtful?: true;
};

/** The id space of a company's own id. */
const ORGANIZATIONS = 'organizations';

/** The source's customers, each with the companies it is mapped to by id. */
export class SourceCustomers {
  readonly all: readonly ListedCustomer[];
  /** By the id space and an id or alias there. */
  readonly #byId: ReadonlyMap<string, ListedCustomer[]>;
  readonly #byCompany: ReadonlyMap<Organization, ListedCustomer[]>;

  constructor(side: Read, organizations: readonly Organization[], source: BillingSource | undefined) {
    this.all = listedCustomers(side);
    this.#byId = grouped(this.all, ({ idOf, id, aliases }) =>
      [id, ...aliases].map((each) => customerKey({ idOf, id: each })),
    );
    this.#claim(organizations);
    if (source?.kind === 'file' && source.settings.matchByName) claimByName(this.all, organizations);
    this.#byCompany = grouped(this.all, ({ claimedBy }) => claimedBy);
  }

  /** The customers that have an id, also as an alias. */
  withId(idOf: string, id: string): readonly ListedCustomer[] {
    return this.#byId.get(customerKey({ idOf, id })) ?? [];
  }

  /** The customers that the company is mapped to. */
  ofCompany(organization: Organization): readonly ListedCustomer[] {
    return this.#byCompany.get(organization) ?? [];
  }

  #claim(organizations: readonly Organization[]): void {
    const spaces = new Set(this.all.map(({ idOf }) => idOf));
    for (const organization of organizations) {
      const claims = [...spaces].flatMap((idOf) => {
        const ids = idOf === ORGANIZATIONS ? [organization.id] : idsAt(organization, idOf);
        return ids.map((id) => this.withId(idOf, id));
      });
      for (const customer of new Set(claims.flat())) customer.claimedBy.push(organization);
      for (const customer of claims.filter(({ length }) => length > 1).flat()) customer.doubtful = true;
    }
  }
}

/** The customers by each of their keys, in their order. */
function grouped<K>(
  customers: readonly ListedCustomer[],
  keysOf: (customer: ListedCustomer) => readonly K[],
): Map<K, ListedCustomer[]> {
  const groups = new Map<K, ListedCustomer[]>();
  for (const customer of customers) {
    for (const key of new Set(keysOf(customer))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [customer]);
      else group.push(customer);
    }
  }
  return groups;
}

/** Names in a file are compared with their spaces collapsed, as the file's reader returns them. */
export function idsAt({ integrationIds }: Organization, idOf: string): string[] {
  const ids = integrationIds.get(idOf) ?? [];
  return idOf === BILLED_CSV ? ids.map(onOneLine) : ids;
}

/** Every customer with its lines, including those named only by lines. */
function listedCustomers(side: Read): ListedCustomer[] {
  const customers = new Map<string, ListedCustomer>();
  const listed = ({ idOf = side.source, ...customer }: BilledCustomer): ListedCustomer => {
    const key = customerKey({ idOf, id: customer.id });
    const entry = customers.get(key) ?? { ...customer, idOf, lines: [], claimedBy: [] };
    customers.set(key, entry);
    return entry;
  };
  for (const customer of side.customers) listed(customer);
  for (const line of inOrder(side.lines)) listed({ ...line.customer, aliases: [] }).lines.push(line);
  return [...customers.values()].sort((a, b) => byText(a.id, b.id) || byText(a.idOf, b.idOf));
}

/** Lines sorted by id, so that no result depends on the order in which they came. */
export const inOrder = (lines: readonly BilledLine[]): BilledLine[] =>
  [...lines].sort((a, b) => byText(a.id, b.id) || byText(JSON.stringify(a), JSON.stringify(b)));

/** Whether it is mapped to only one company, by an id that no other customer has. */
export const isClaimedOnce = ({ claimedBy, doubtful }: ListedCustomer): boolean =>
  claimedBy.length === 1 && doubtful !== true;

/** For a first run: a text that is not mapped belongs to the only company with exactly that name. */
function claimByName(customers: readonly ListedCustomer[], organizations: readonly Organization[]): void {
  const byName = Map.groupBy(organizations, ({ name }) => onOneLine(name));
  for (const { idOf, id, claimedBy } of customers) {
    if (idOf !== BILLED_CSV || claimedBy.length > 0) continue;
    const [company, ...others] = byName.get(id) ?? [];
    if (company !== undefined && others.length === 0) claimedBy.push(company);
  }
}
