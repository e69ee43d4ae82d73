import * as z from 'zod/mini';
import { type KnownToBilling, readBillingConfiguration } from '../billing/configuration.ts';
import { type Changes, companyChanges, vendorChanges } from '../history/changes.ts';
import { changeLines, changesCsv } from '../history/changes-csv.ts';
import { type ProvenUnits, proveUnits } from '../history/counted-units.ts';
import { type NamedUnits, unitsByCell } from '../history/named-units.ts';
import { historyOf } from '../history/next-history.ts';
import { unitsCsv } from '../history/units-csv.ts';
import { readHistory, type Snapshot } from '../history/vendor-history.ts';
import type { Objects, Step } from '../platform/platform.ts';
import type { CatalogEntry } from '../report/column.ts';
import { dayIn } from '../report/day.ts';
import { matchCustomers } from '../report/match.ts';
import { type Organization, rowsOf } from '../report/organization.ts';
import { quantity } from '../report/quantity.ts';
import type { Report } from '../report/report.ts';
import { billingKnown } from '../run/billing-files.ts';
import { readCollection } from '../run/collection-file.ts';
import { readOrganizationList, readReportConfiguration } from '../run/configuration-files.ts';
import { CSV } from '../run/content-types.ts';
import { hasUnits, readSubscriptions, readUnits } from '../run/details.ts';
import { ReportTotals, Run, readInput } from '../run/input.ts';
import { readJson, writeJson } from '../run/json-file.ts';
import { runKeys } from '../run/keys.ts';
import type { Catalogued, Known } from '../run/known.ts';
import { notBilledSeats } from '../run/not-billed.ts';
import { readReconciliation } from '../run/reconciliation-file.ts';
import { reportOf } from '../run/report-file.ts';
import { fingerprintOf, leaveHistory, pastOf, placeOfPast } from '../run/report-history.ts';
import { type TermSource, termRows } from '../terms/terms.ts';
import { termsCsv } from '../terms/terms-csv.ts';

const Input = z.strictObject({ run: Run, report: ReportTotals });

/**
 * A state holds 262,144 bytes, and a vendor can sell hundreds of products, each with a remark: beyond this they are
 * only counted.
 */
const REMARKS_BYTES = 40_000;

/** `remarks`: what could not be compared or listed, for the log. */
type Answer = { changes: string; terms: string; units: string | null; remarks: string[] };

/**
 * Compares the report with the last one, unit by unit if they are known, and lists the terms of subscriptions:
 * changes.csv, units.csv, terms.csv. What the next report is compared with is left in the run's folder, and is kept
 * when this one is delivered. Errors: `ConfigurationError` for a run's file that is missing or not ours.
 */
export default function findChanges(known: Catalogued & Pick<Known, 'sources'>): Step {
  return async (value, { objects }): Promise<Answer> => {
    const { run } = readInput(Input, value, 'find-changes');
    const keys = runKeys(run.runId);
    const report = await reportOf(objects, run.runId);
    const { managingOrganization, integrations } = await readReportConfiguration(objects, known);
    const organizations = await readOrganizationList(objects, known);
    const rows = rowsOf(organizations, managingOrganization);
    const found: Found = { changes: { companies: [], vendors: [] }, past: [], proven: [], terms: [], remarks: [] };
    for (const entry of known.collectors) {
      if (report.notAsked?.includes(entry.id) === true) continue;
      const settings = integrations.get(entry.id);
      const configuration = settings === undefined ? undefined : fingerprintOf(managingOrganization.id, settings);
      await compareVendor(found, { report, run, entry, configuration, rows }, objects);
    }
    found.changes.companies = companyChanges(report, found.past);
    const today = dayIn(report.asOf, run.timeZone);
    const billingOf = billingKnown(known, organizations, managingOrganization);
    const terms = termRows(found.terms, today, await notBilledIn(run, billingOf, objects));
    await objects.write(keys.changesCsv, changesCsv(report, found.changes), CSV);
    await writeJson(objects, keys.changes, changeLines(report, found.changes));
    await objects.write(keys.termsCsv, termsCsv(terms), CSV);
    await writeJson(objects, keys.terms, terms);
    const units = run.units === 'named' ? await writeUnits(found.proven, keys.unitsCsv, objects) : null;
    return { changes: keys.changesCsv, terms: keys.termsCsv, units, remarks: thatFit(found.remarks) };
  };
}

function thatFit(remarks: readonly string[]): string[] {
  let bytes = 0;
  const fitting = remarks.filter((remark) => {
    bytes += Buffer.byteLength(JSON.stringify(remark));
    return bytes <= REMARKS_BYTES;
  });
  const left = remarks.length - fitting.length;
  return left === 0 ? fitting : [...fitting, `the log has no room for ${quantity(left, 'more remark')} like these`];
}

/** Which seats are billed to nobody, by the comparison with the PSA; undefined if there is none. */
async function notBilledIn({ runId }: Run, known: KnownToBilling, objects: Objects) {
  const compared = await readReconciliation(objects, runId);
  if (compared === undefined) return undefined;
  const { services } = readBillingConfiguration(await readJson(objects, runKeys(runId).billing), known);
  return notBilledSeats(compared, services);
}

/** What was found so far, vendor by vendor. */
type Found = {
  changes: Changes;
  past: Snapshot[];
  proven: ProvenUnits[];
  terms: TermSource[];
  remarks: string[];
};

type Company = { id: string; name: string };

type Vendor = {
  report: Report;
  run: Run;
  entry: CatalogEntry;
  /** Undefined if it is not installed. */
  configuration: string | undefined;
  rows: readonly Organization[];
};

/** The customers of one vendor by id: each with its name, and the company that it alone is mapped to. */
type Owners = ReadonlyMap<string, { name: string; company?: Company }>;

async function compareVendor(found: Found, vendor: Vendor, objects: Objects): Promise<void> {
  const { report, run, entry, configuration } = vendor;
  const { id: integration, name } = entry;
  const { runId, asOf, managingOrganization } = report;
  const msp = managingOrganization.id;
  const place = objects.locate(placeOfPast(integration, run.since));
  const comparer = { integration, name, managingOrganization: msp, configuration, runId, asOf, place };
  const past = readHistory(await pastOf(objects, integration, run.since), comparer);
  if (past.remark !== undefined) found.remarks.push(past.remark);
  // One that is not installed keeps its last reading, with the configuration of that, for when it returns.
  const counted = configuration ?? past.configuration;
  if (counted === undefined) return;
  const owners = await ownersAt(vendor, objects);
  const proven = await provenUnitsOf(vendor, owners, objects);
  const units = run.units === 'off' ? undefined : await namedUnitsOf(proven);
  if (proven !== undefined) {
    found.proven.push(proven);
    found.remarks.push(...proven.remarks);
  }
  if (past.snapshot !== undefined) {
    found.past.push(past.snapshot);
    found.changes.vendors.push(vendorChanges(report, integration, past.snapshot, units));
  }
  found.terms.push({
    integration,
    name,
    subscriptions: await readSubscriptions(objects, run.runId, integration),
    ownerOf: (customer) => {
      const mapped = owners.get(customer);
      return {
        customer: mapped?.name ?? customer,
        ...(mapped?.company === undefined ? {} : { company: mapped.company }),
      };
    },
  });
  const day = dayIn(report.asOf, run.timeZone);
  const history = historyOf({ report, integration, configuration: counted, day, units, before: past.snapshot });
  await leaveHistory(objects, run.runId, integration, { history, superseded: past.superseded === true });
}

/** None if the vendor was not read this time; the names of its last reading are kept for the next. */
const namedUnitsOf = async (proven: ProvenUnits | undefined): Promise<NamedUnits> =>
  proven === undefined ? new Map() : unitsByCell(proven.read());

/** Only a vendor whose rows name units has something to prove. */
async function provenUnitsOf({ report, run, entry }: Vendor, owners: Owners, objects: Objects) {
  const { id: integration, name } = entry;
  if (run.units !== 'named' || !(await hasUnits(objects, run.runId, integration))) return undefined;
  return proveUnits(report, {
    integration,
    name,
    read: () => readUnits(objects, run.runId, integration),
    companyOf: (customer) => owners.get(customer)?.company?.id,
  });
}

async function ownersAt({ entry, rows, run }: Vendor, objects: Objects): Promise<Owners> {
  const collection = await readCollection(objects, run.runId, entry.id);
  if (collection === undefined) return new Map();
  const owners = new Map<string, { name: string; company?: Company }>();
  for (const { id, name } of collection.customers) owners.set(id, { name });
  for (const { organization, mapped } of matchCustomers(entry, rows, collection.customers).companies) {
    const { id, name } = organization;
    for (const customer of mapped) owners.set(customer.id, { name: customer.name, company: { id, name } });
  }
  return owners;
}

async function writeUnits(proven: readonly ProvenUnits[], key: string, objects: Objects): Promise<string> {
  await objects.write(key, bytesOf(unitsCsv(proven)), CSV);
  return key;
}

/** A large fleet has hundreds of megabytes of units: they are written while they are read. */
async function* bytesOf(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text);
}
