import { dayIn } from '../report/day.ts';
import { byName, byText } from '../report/order.ts';
import type { Organization } from '../report/organization.ts';
import { cellOf, type Report } from '../report/report.ts';
import { billedForService } from './billed.ts';
import { believable, billedCompanies, type CompanyBilling } from './companies.ts';
import type { BillingConfiguration, BillingSource } from './configuration.ts';
import { countedOf } from './counted.ts';
import type { BilledSide } from './line.ts';
import { orphanRow, unservedRow } from './other-rows.ts';
import { periodOf } from './period.ts';
import { ordered, statesOf, totalsOf } from './reckoning.ts';
import type { BilledFrom, Reconciliation, ReconciliationRow } from './reconciliation.ts';
import { agreedOn } from './rule.ts';
import { isWorthARow, type Pair, serviceRow } from './service-row.ts';
import { serviceFinder } from './services.ts';
import { type CountingIntegration, ownerOf } from './titles.ts';
import { usualPrices } from './usual-price.ts';

/** Everything that a comparison is made from. */
export type Given = {
  report: Report;
  organizations: readonly Organization[];
  catalog: readonly CountingIntegration[];
  configuration: BillingConfiguration;
  /** One for each source. */
  sides: readonly BilledSide[];
  /** IANA name of the zone for months and days. */
  timeZone: string;
};

/**
 * Compares what is counted with what is billed: a full outer join by company and service, after both sides are added
 * up. The order of the facts does not matter.
 * Errors: `ConfigurationError` for a company that is billed at two sources, and for a product that two services name.
 */
export function reconcile(given: Given): Reconciliation {
  const { report, configuration, sides, catalog } = given;
  const today = dayIn(report.asOf, given.timeZone);
  const period = periodOf(configuration.period, today);
  const companies = companiesOf(report, given.organizations);
  const { companies: billings, orphans } = billedCompanies(companies, configuration.sources, sides, period.first);
  const serviceOf = serviceFinder(configuration.services);
  const exceptionsAt = Map.groupBy(configuration.exceptions, ({ company }) => company);
  const pairs: Pair[] = [];
  const rows: ReconciliationRow[] = orphans.map((orphan) => orphanRow(orphan, period));
  for (const row of report.rows) {
    const company = row.organization;
    const billing = billings.get(company.id) ?? NOTHING;
    const groups = Map.groupBy(billing.lines, (line) => serviceOf(line.product));
    const exceptions = exceptionsAt.get(company.id) ?? [];
    for (const service of configuration.services) {
      const lines = groups.get(service) ?? [];
      pairs.push({
        company,
        service,
        counted: countedOf(report, row, service, catalog),
        billing,
        lines,
        billed: billedForService(lines, service, period, billing.mayLackLines === true),
        agreed: agreedOn(
          today,
          exceptions.filter((exception) => exception.service === service.id),
        ),
      });
    }
    rows.push(...(groups.get(undefined) ?? []).map((line) => unservedRow(company, line, billing, period)));
  }
  const usual = usualPrices(pairs);
  rows.push(...pairs.filter(isWorthARow).map((pair) => serviceRow(pair, usual.get(pair.service.id), period.month)));
  return {
    period: period.month,
    billedFrom: sides
      .map((side) => billedFrom(believable(side, companies), configuration.sources))
      .sort((a, b) => byText(a.source, b.source)),
    rows: ordered(rows),
    totals: totalsOf(rows),
    states: statesOf(rows),
    columnsInNoService: columnsInNoService(report, configuration),
    columnsOfNobody: columnsOfNobody(report, pairs, catalog),
  };
}

const NOTHING: CompanyBilling = { lines: [], billedFrom: [] };

/** The companies of the report, with their ids; ids of companies without a row do not count. */
function companiesOf({ rows }: Report, organizations: readonly Organization[]): Organization[] {
  const byId = new Map(organizations.map((organization) => [organization.id, organization]));
  return rows.map(
    ({ organization }) =>
      byId.get(organization.id) ?? { ...organization, enabled: true, integrationIds: new Map<string, string[]>() },
  );
}

function billedFrom(side: BilledSide, sources: readonly BillingSource[]): BilledFrom {
  const { source, label, asOf } = side;
  const configured = sources.find(({ id }) => id === source);
  const name = configured?.kind === 'psa' ? configured.name : label;
  if (side.status === 'failed') {
    const { status, error, message } = side;
    return { source, label, name, asOf, lines: 0, status, error, message, receipt: null, notes: [] };
  }
  const { status, lines, receipt, notes } = side;
  return { source, label, name, asOf, lines: lines.length, status, receipt, notes };
}

function columnsOfNobody(report: Report, pairs: readonly Pair[], catalog: Given['catalog']) {
  const shown = new Set(report.columns.map(({ title }) => title));
  const read = new Set(report.integrations.filter(wasRead).map(({ integration }) => integration));
  const billed = new Set(pairs.filter((pair) => pair.billed.isBilled).map(({ service }) => service));
  return [...billed].flatMap(({ name, counts }) =>
    counts
      .filter((title) => {
        const owner = ownerOf(title, catalog);
        const isFixed = owner?.columns.some((column) => column.title === title);
        return !shown.has(title) && owner !== undefined && isFixed !== true && read.has(owner.id);
      })
      .map((column) => ({ service: name, column })),
  );
}

const wasRead = ({ status }: Report['integrations'][number]): boolean => status === 'collected' || status === 'partial';

function columnsInNoService(report: Report, { services }: BillingConfiguration): string[] {
  const served = new Set(services.flatMap(({ counts }) => counts));
  return report.columns
    .filter(({ title, type }) => type === 'number' && !served.has(title))
    .filter((column) =>
      report.rows.some((row) => {
        const cell = cellOf(report, row, column);
        return cell?.state === 'counted' && cell.value !== 0;
      }),
    )
    .map(({ title }) => title)
    .sort(byName);
}
