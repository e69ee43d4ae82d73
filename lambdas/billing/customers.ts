import { byText } from '../report/order.ts';
import type { Organization } from '../report/organization.ts';
import { onOneLine } from '../report/text.ts';
import { BILLED_CSV } from './billed-csv/settings.ts';
import type { BillingSource } from './configuration.ts';
import type { BilledCustomer, BilledLine, BilledSide, ReadSide } from './line.ts';

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
export const customersOf = (
  side: Read,
  organizations: readonly Organization[],
  source: BillingSource | undefined,
): ListedCustomer[] => claimed(listedCustomers(side), organizations, source);

/** Names in a file are compared with their spaces collapsed, as the file's reader returns them. */
export function idsAt({ integrationIds }: Organization, idOf: string): string[] {
  const ids = integrationIds.get(idOf) ?? [];
  return idOf === BILLED_CSV ? ids.map(onOneLine) : ids;
}

/** Every customer with its lines, including those named only by lines. */
function listedCustomers(side: Read): ListedCustomer[] {
  const customers = new Map<string, ListedCustomer>();
  const listed = ({ idOf = side.source, ...customer }: BilledCustomer): ListedCustomer => {
    const key = JSON.stringify([idOf, customer.id]);
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

/** The customers that have an id, also as an alias. */
export function found(customers: readonly ListedCustomer[], idOf: string, id: string): ListedCustomer[] {
  return customers.filter(
    (customer) => customer.idOf === idOf && (customer.id === id || customer.aliases.includes(id)),
  );
}

/** Whether it is mapped to only one company, by an id that no other customer has. */
export const isClaimedOnce = ({ claimedBy, doubtful }: ListedCustomer): boolean =>
  claimedBy.length === 1 && doubtful !== true;

function claimed(
  customers: ListedCustomer[],
  organizations: readonly Organization[],
  source: BillingSource | undefined,
): ListedCustomer[] {
  const spaces = new Set(customers.map(({ idOf }) => idOf));
  for (const organization of organizations) {
    const claims = [...spaces].flatMap((idOf) => {
      const ids = idOf === ORGANIZATIONS ? [organization.id] : idsAt(organization, idOf);
      return ids.map((id) => found(customers, idOf, id));
    });
    for (const customer of new Set(claims.flat())) customer.claimedBy.push(organization);
    for (const customer of claims.filter(({ length }) => length > 1).flat()) customer.doubtful = true;
  }
  if (source?.kind === 'file' && source.settings.matchByName) claimByName(customers, organizations);
  return customers;
}

/** For a first run: a text that is not mapped belongs to the only company with exactly that name. */
function claimByName(customers: readonly ListedCustomer[], organizations: readonly Organization[]): void {
  for (const { idOf, id, claimedBy } of customers) {
    if (idOf !== BILLED_CSV || claimedBy.length > 0) continue;
    const [company, ...others] = organizations.filter(({ name }) => onOneLine(name) === id);
    if (company !== undefined && others.length === 0) claimedBy.push(company);
  }
}
