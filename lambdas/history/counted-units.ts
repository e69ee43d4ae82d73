import { ExactSum } from '../report/exact-sum.ts';
import type { Report } from '../report/report.ts';
import { type Unit, unitName } from '../report/unit.ts';
import { type CompanyCells, companyCells } from './company-cells.ts';

/** One vendor's units, as its collector yielded them. */
export type UnitSource = {
  integration: string;
  /** The integration's name. */
  name: string;
  /** Reads them from the beginning; every call gives the same ones. */
  read: () => AsyncIterable<Unit>;
  /**
   * Id of the one company that a customer of this vendor is mapped to; undefined if there is none, or more than one.
   */
  companyOf: (customer: string) => string | undefined;
};

/** A unit that counts in a cell of the report. */
export type CountedUnit = {
  company: { id: string; name: string };
  column: string;
  /** Unique within company and column. */
  id: string;
  /** The id if the vendor gives no name. */
  name: string;
  quantity: number;
};

/** The units of one vendor that add up to the report's cells. */
export type ProvenUnits = {
  integration: string;
  /** The integration's name. */
  name: string;
  /** Columns whose units do not add up; none of their units is read. */
  refuted: string[];
  /** One sentence for each of these columns. */
  remarks: string[];
  read: () => AsyncGenerator<CountedUnit>;
};

/**
 * Compares a vendor's units with the report's cells, in one pass that keeps a sum per cell, and the ids of this one
 * vendor. A column in which any company's units do not add up exactly to its cell is left out completely: the count
 * decides. A cell without a number has no units. The second pass, `read`, fails if it finds other units than the first.
 */
export async function proveUnits(report: Report, source: UnitSource): Promise<ProvenUnits> {
  const cells = new Map(companyCells(report, source.integration).map((entry) => [entry.organization.id, entry]));
  const sums = await sumsOf(countedUnits(source, cells));
  const disputes = new Map<string, string[]>();
  for (const [column, byCompany] of sums) {
    for (const [id, ofCompany] of cells) {
      const counted = numberIn(ofCompany, column);
      const sum = byCompany.get(id)?.value ?? 0;
      if (counted === undefined || sum === counted) continue;
      const sentence = `${sum} in units and ${counted} counted for ${ofCompany.organization.name}`;
      disputes.set(column, [...(disputes.get(column) ?? []), sentence]);
    }
  }
  return {
    integration: source.integration,
    name: source.name,
    refuted: [...disputes.keys()],
    remarks: [...disputes].map(
      ([column, [first, ...others]]) =>
        `${source.name}: units.csv leaves out "${column}", whose units do not add up to the report's count: ${first}` +
        `${others.length === 0 ? '' : `, and ${others.length} more`}`,
    ),
    read: async function* () {
      const again = new Map<string, Map<string, ExactSum>>();
      for await (const unit of countedUnits(source, cells)) {
        if (disputes.has(unit.column)) continue;
        addTo(again, unit);
        yield unit;
      }
      for (const column of disputes.keys()) sums.delete(column);
      if (asText(again) !== asText(sums))
        throw new Error(`the units of ${source.name} changed while they were written`);
    },
  };
}

/** Each unit that counts in a cell with a number, once. */
async function* countedUnits(
  { read, companyOf }: UnitSource,
  cells: ReadonlyMap<string, CompanyCells>,
): AsyncGenerator<CountedUnit> {
  const seen = new Map<string, Map<string, Set<string>>>();
  for await (const unit of read()) {
    const { customer, column, id, quantity } = unit;
    const company = cells.get(companyOf(customer) ?? '');
    if (company === undefined || numberIn(company, column) === undefined) continue;
    const byColumn = seen.get(customer) ?? new Map<string, Set<string>>();
    const ids = byColumn.get(column) ?? new Set();
    if (ids.has(id)) continue;
    seen.set(customer, byColumn.set(column, ids.add(id)));
    yield { company: company.organization, column, id, name: unitName(unit), quantity };
  }
}

function numberIn({ cell }: CompanyCells, column: string): number | undefined {
  const counted = cell(column, 'number');
  return counted.state === 'counted' && typeof counted.value === 'number' ? counted.value : undefined;
}

type Sums = Map<string, Map<string, ExactSum>>;

async function sumsOf(units: AsyncIterable<CountedUnit>): Promise<Sums> {
  const sums: Sums = new Map();
  for await (const unit of units) addTo(sums, unit);
  return sums;
}

function addTo(sums: Sums, { column, company, quantity }: CountedUnit): void {
  const byCompany = sums.get(column) ?? new Map<string, ExactSum>();
  sums.set(column, byCompany);
  byCompany.set(company.id, (byCompany.get(company.id) ?? new ExactSum()).add(quantity));
}

const asText = (sums: Sums): string =>
  JSON.stringify(
    [...sums].map(([column, byCompany]) => [column, [...byCompany].map(([id, { value }]) => [id, value])]),
  );
