import type { Day } from '../report/day.ts';
import { ReportError } from '../report/errors.ts';
import { byText } from '../report/order.ts';
import type { Organization } from '../report/organization.ts';
import type { BillingSource } from './configuration.ts';
import { idsAt, inOrder, isClaimedOnce, type Read, SourceCustomers } from './customers.ts';
import type { BilledLine, BilledSide, CustomerRef } from './line.ts';

/** The billed side of one company: its lines and, if they cannot be compared, why. */
export type CompanyBilling = {
  lines: BilledLine[];
  /** Labels of the sources that know it. */
  billedFrom: string[];
  blank?: string;
  /** The source's own explanation, if there is one. */
  remark?: string;
  /** Set if no line does not mean that nothing is billed. */
  mayLackLines?: true;
};

/** A billed customer whose lines belong to no company's row. */
export type Orphan = { customer: CustomerRef; lines: BilledLine[]; reason: string };

export type BilledCompanies = { companies: Map<Organization['id'], CompanyBilling>; orphans: Orphan[] };

/** What one source knows about one company. */
type SourceBilling = Omit<CompanyBilling, 'billedFrom'> & { source: string; label: string };

/**
 * Assigns every billed line to the company that its customer is mapped to, by id only.
 * Errors: `ConfigurationError` for a company with ids at two sources, whose lines would be added up twice.
 */
export function billedCompanies(
  organizations: readonly Organization[],
  sources: readonly BillingSource[],
  sides: readonly BilledSide[],
  day: Day,
): BilledCompanies {
  const bySource = new Map(organizations.map(({ id }): [string, SourceBilling[]] => [id, []]));
  const orphans: Orphan[] = [];
  const believed = sides.map((side) => believable(side, organizations));
  for (const side of believed) {
    if (side.status === 'failed') {
      const blank = failedSide(side.error);
      for (const { id } of organizations.filter((organization) => idsAt(organization, side.source).length > 0)) {
        bySource.get(id)?.push({ source: side.source, label: side.label, lines: [], blank });
      }
      continue;
    }
    const source = sources.find(({ id }) => id === side.source);
    const customers = new SourceCustomers(side, organizations, source);
    for (const organization of organizations) {
      const billing = billingAt(side, customers, organization, source, day);
      if (billing !== undefined) bySource.get(organization.id)?.push(billing);
    }
    orphans.push(...orphansOf(side, customers));
  }
  return {
    companies: new Map(
      organizations.map((organization) => [
        organization.id,
        billingOf(organization, bySource.get(organization.id) ?? [], believed),
      ]),
    ),
    orphans,
  };
}

const failedSide = (error: string): string => `billed side failed (${error})`;

/** If companies have ids there, no line at all is a reading error, not a fact. */
export function believable(side: BilledSide, organizations: readonly Organization[]): BilledSide {
  if (side.status === 'failed' || side.lines.length > 0) return side;
  const mapped = organizations.filter((organization) => idsAt(organization, side.source).length > 0).length;
  if (mapped === 0) return side;
  const { source, label, asOf } = side;
  const message = `${label} shows no billed line at all, although companies have ids there (${mapped})`;
  return { source, label, asOf, status: 'failed', error: 'VendorContractError', message };
}

/** Undefined if the source does not know the company and the company has no id there. */
function billingAt(
  side: Read,
  listed: SourceCustomers,
  organization: Organization,
  source: BillingSource | undefined,
  day: Day,
): SourceBilling | undefined {
  const customers = listed.ofCompany(organization);
  const idOf = source?.kind === 'file' ? source.settings.idOf : null;
  const missing = [side.source, ...(idOf === null ? [] : [idOf])].some((space) =>
    idsAt(organization, space).some((id) => listed.withId(space, id).length === 0),
  );
  if (customers.length === 0 && !missing) return undefined;
  const alone = customers.filter(isClaimedOnce);
  const failure = customers.find((customer) => customer.failure !== undefined)?.failure;
  const blank =
    failure !== undefined
      ? failedSide(failure.error)
      : missing
        ? `not-found at ${side.source}`
        : alone.length < customers.length
          ? `ambiguous at ${side.source}`
          : side.day !== day
            ? 'other period'
            : undefined;
  const lines = inOrder(alone.flatMap((customer) => customer.lines));
  return {
    ...{ source: side.source, label: side.label, lines },
    ...(side.mayLackLines === undefined ? {} : { mayLackLines: side.mayLackLines }),
    ...(blank === undefined ? {} : { blank }),
    ...(failure === undefined ? {} : { remark: failure.message }),
  };
}

const orphansOf = ({ source }: Read, { all }: SourceCustomers): Orphan[] =>
  all
    .filter((customer) => customer.lines.length > 0 && !isClaimedOnce(customer))
    .map(({ lines, claimedBy, id, name, idOf }) => ({
      customer: { id, name, idOf },
      lines,
      reason: claimedBy.length === 0 ? 'customer that no company claims' : `ambiguous at ${source}`,
    }));

function billingOf(
  { name }: Organization,
  bySource: readonly SourceBilling[],
  sides: readonly BilledSide[],
): CompanyBilling {
  const [billing, other] = bySource;
  if (other !== undefined) {
    const sources = bySource.map(({ source }) => source).join(' and at ');
    throw new ReportError('ConfigurationError', `${name} is billed at ${sources}; keep its ids at one source`);
  }
  if (billing !== undefined) {
    const { source: _, label, ...lines } = billing;
    return { ...lines, billedFrom: [label] };
  }
  const broken = sides.find(({ status }) => status === 'failed');
  const blank =
    broken?.status === 'failed'
      ? failedSide(broken.error)
      : `no id at ${sides
          .map(({ source }) => source)
          .sort(byText)
          .join(' or ')}`;
  return { lines: [], billedFrom: [], blank };
}
