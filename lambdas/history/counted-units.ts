import { ExactSum } from '../report/exact-sum.ts';
import type { Report } from '../report/report.ts';
import { type Unit, unitName } from '../report/unit.ts';
import { type CompanyCells, companyCells } from './company-cells.ts';

/** One vendor's units, as its collector yielded them. */
export type UnitSource = {
  integration: string;
  /** The integration's name. */
  name: string;
  /** Reads them from the beginning, in batches; every call gives the same ones. */
  read: () => AsyncIterable<readonly Unit[]>;
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
  /** In batches. */
  read: () => AsyncGenerator<CountedUnit[]>;
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
      for await (const units of countedUnits(source, cells)) {
        const undisputed = disputes.size === 0 ? units : units.filter(({ column }) => !disputes.has(column));
        for (const unit of undisputed) addTo(again, unit);
        yield undisputed;
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
): AsyncGenerator<CountedUnit[]> {
  /** Null for a customer of no company. */
  const customers = new Map<string, CustomerUnits | null>();
  for await (const units of read()) {
    const counted: CountedUnit[] = [];
    for (const unit of units) {
      const { customer, column, id, quantity } = unit;
      let ofCustomer = customers.get(customer);
      if (ofCustomer === undefined) {
        const company = cells.get(companyOf(customer) ?? '');
        ofCustomer = company === undefined ? null : new CustomerUnits(company);
        customers.set(customer, ofCustomer);
      }
      if (ofCustomer?.counts(column, id) !== true) continue;
      counted.push({ company: ofCustomer.company.organization, column, id, name: unitName(unit), quantity });
    }
    yield counted;
  }
}

/** Which of a customer's units count. */
class CustomerUnits {
  readonly company: CompanyCells;
  /** Ids that were asked about, by column; null for a column in which the company has no number. */
  readonly #ids = new Map<string, Set<string> | null>();

  constructor(company: CompanyCells) {
    this.company = company;
  }

  /** True the first time that a unit of a cell with a number is asked about. */
  counts(column: string, id: string): boolean {
    let ids = this.#ids.get(column);
    if (ids === undefined) {
      ids = numberIn(this.company, column) === undefined ? null : new Set();
      this.#ids.set(column, ids);
    }
    if (ids === null || ids.has(id)) return false;
    ids.add(id);
    return true;
  }
}

function numberIn({ cell }: CompanyCells, column: string): number | undefined {
  const counted = cell(column, 'number');
  return counted.state === 'counted' && typeof counted.value === 'number' ? counted.value : undefined;
}

type Sums = Map<string, Map<string, ExactSum>>;

async function sumsOf(batches: AsyncIterable<readonly CountedUnit[]>): Promise<Sums> {
  const sums: Sums = new Map();
  for await (const units of batches) for (const unit of units) addTo(sums, unit);
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
