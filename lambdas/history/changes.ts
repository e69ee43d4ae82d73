import type { Day } from '../report/day.ts';
import { byText } from '../report/order.ts';
import type { Report } from '../report/report.ts';
import { byCompany, type CellChange, cellChanges } from './cell-changes.ts';
import type { NamedUnits } from './named-units.ts';
import { splitDrop, type VendorDrop } from './vendor-drop.ts';
import type { Snapshot } from './vendor-history.ts';

/** What changed at one vendor since its cells were last read. */
export type VendorChanges = {
  integration: { id: string; name: string };
  /** The day of the last report, if the vendor was installed then and is not now. */
  uninstalledSince?: Day;
  /** A loss of the whole vendor; its cells are not among the others. */
  drop?: VendorDrop;
  cells: CellChange[];
};

/** A company that is new, is gone, or has a new name. */
export type CompanyChange = {
  company: { id: string; name: string };
  change: 'added' | 'removed' | 'renamed';
  nameBefore?: string;
  since: Day;
};

/** What differs from the last delivered report. */
export type Changes = { companies: CompanyChange[]; vendors: VendorChanges[] };

/**
 * Compares one vendor (integration `id`) with its history. `units` are those of this report, by cell; undefined if
 * units are off. Without a history (the first run, or one that was set aside) do not call it: there is nothing to
 * compare with.
 */
export function vendorChanges(
  report: Report,
  id: string,
  history: Snapshot,
  units: NamedUnits | undefined,
): VendorChanges {
  const now = report.integrations.find(({ integration }) => integration === id);
  const integration = { id, name: now?.name ?? id };
  if (now === undefined || now.status === 'not-installed') {
    return { integration, ...(history.installed ? { uninstalledSince: history.day } : {}), cells: [] };
  }
  const { drop, others } = splitDrop(cellChanges(report, id, history, units), history, now.status);
  return { integration, ...(drop === undefined ? {} : { drop }), cells: others };
}

/**
 * The companies that came, went or were renamed since the last delivered report, which is the newest of the histories.
 */
export function companyChanges(report: Report, histories: readonly Snapshot[]): CompanyChange[] {
  const [newest] = histories.toSorted((a, b) => byText(b.asOf, a.asOf));
  if (newest === undefined) return [];
  const { day: since, runId } = newest;
  const last = histories.filter((history) => history.runId === runId && history.installed);
  const before = new Map(last.flatMap(({ companies }) => companies).map((company) => [company.id, company.name]));
  if (before.size === 0) return [];
  const now = new Map(report.rows.map(({ organization }) => [organization.id, organization.name]));
  const came = [...now].flatMap(([id, name]): CompanyChange[] => {
    const nameBefore = before.get(id);
    if (nameBefore === undefined) return [{ company: { id, name }, change: 'added', since }];
    return nameBefore === name ? [] : [{ company: { id, name }, change: 'renamed', nameBefore, since }];
  });
  const went = [...before]
    .filter(([id]) => !now.has(id))
    .map(([id, name]): CompanyChange => ({ company: { id, name }, change: 'removed', since }));
  return [...came, ...went].sort((a, b) => byCompany(a.company, b.company));
}
