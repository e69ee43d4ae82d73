import { type Cell, cellOf, type Report, type ReportRow } from '../report/report.ts';
import type { Service } from './configuration.ts';
import { type Decimal, decimal, sum } from './decimal.ts';
import { type CountingIntegration, ownerOf } from './titles.ts';

/** What the vendors count for one service of one company, or why that is not known. */
export type Counted = { notes: string[] } & (
  | { value: Decimal }
  /** `mapped`: the company has an id at one of the vendors, so it can have units. */
  | { reason: string; mapped: boolean }
);

type Reading = { title: string } & Standing;

/** One column of one company. */
type Standing =
  | { kind: 'counted'; value: Decimal }
  /** Known to have nothing there: an empty list in organizations.json. */
  | { kind: 'nothing' }
  | { kind: 'absent'; reason: 'unmapped' | 'not asked' | 'not installed'; note: string }
  | { kind: 'open'; reason: string; rank: number };

/** The most serious reason is shown. */
const GRAVITY = ['failed', 'ambiguous', 'not-found', 'excluded'];

/**
 * Adds up a service's columns of one row. An unknown one makes the sum unknown, and so does one of a vendor that this
 * run did not ask; one without an id adds nothing.
 */
export function countedOf(
  report: Report,
  row: ReportRow,
  { counts }: Service,
  catalog: readonly CountingIntegration[],
): Counted {
  const readings = counts.map((title) => reading(report, row, title, catalog));
  const open = readings.filter((cell) => cell.kind === 'open').sort((a, b) => a.rank - b.rank);
  const absent = readings.filter((cell) => cell.kind === 'absent');
  const counted = readings.filter((cell) => cell.kind === 'counted');
  const [gravest] = open;
  if (gravest !== undefined) {
    const notes = counts.length === 1 ? [] : open.map(({ title, reason }) => `${title}: ${reason}`);
    return { reason: gravest.reason, mapped: true, notes };
  }
  const unasked = absent.find(({ reason }) => reason === 'not asked');
  if (unasked !== undefined) return { reason: unasked.reason, mapped: counted.length > 0, notes: [unasked.note] };
  if (counted.length > 0) {
    const unknown = counted.map(({ title }) => title).filter((title) => !report.columns.some((c) => c.title === title));
    return {
      value: sum(counted.map(({ value }) => value)),
      notes: [...new Set(absent.map(({ note }) => note)), ...unknown.map((title) => `no company has any "${title}"`)],
    };
  }
  const unmapped = absent.find(({ reason }) => reason === 'unmapped') ?? absent[0];
  if (unmapped !== undefined) return { reason: unmapped.reason, mapped: false, notes: [] };
  return { value: sum([]), notes: [] };
}

function reading(report: Report, row: ReportRow, title: string, catalog: readonly CountingIntegration[]): Reading {
  const column = report.columns.find((candidate) => candidate.title === title);
  const owner = ownerOf(title, catalog);
  const integration = column?.integration ?? owner?.id ?? '';
  if (row.knownEmpty?.includes(integration)) return { title, kind: 'nothing' };
  const name = owner?.name ?? integration;
  if (report.notAsked?.includes(integration) === true)
    return { title, kind: 'absent', reason: 'not asked', note: `${name} was not asked` };
  const cell = column === undefined ? cellWithoutColumn(report, row, title, integration) : cellOf(report, row, column);
  return { title, ...standingOf(cell, name) };
}

function standingOf(cell: Cell | undefined, name: string): Standing {
  if (cell === undefined) return { kind: 'absent', reason: 'not installed', note: `${name} is not installed` };
  if (cell.state === 'unmapped') return { kind: 'absent', reason: 'unmapped', note: `no id at ${name}` };
  if (cell.state === 'counted') {
    if (typeof cell.value === 'number') return { kind: 'counted', value: decimal(cell.value) };
    return { kind: 'open', reason: `excluded (${name} gives "${cell.value}", not a number)`, rank: GRAVITY.length };
  }
  const detail = cell.state === 'failed' ? ` (${cell.error})` : cell.state === 'excluded' ? ` (${cell.reason})` : '';
  return { kind: 'open', reason: `${cell.state}${detail}`, rank: GRAVITY.indexOf(cell.state) };
}

/**
 * A column that appears only when used has no cells while nobody uses it: what it would show follows from the row's
 * gaps.
 */
function cellWithoutColumn(report: Report, row: ReportRow, title: string, integration: string): Cell | undefined {
  const read = report.integrations.find((entry) => entry.integration === integration);
  if (read === undefined || read.status === 'not-installed') return undefined;
  const gap = row.gaps?.find(
    (entry) => entry.integration === integration && (entry.column === undefined || entry.column === title),
  );
  if (gap === undefined) return { state: 'counted', value: 0 };
  if (gap.state === 'excluded') return { state: 'excluded', reason: gap.detail ?? '' };
  if (gap.state !== 'failed') return { state: gap.state };
  return { state: 'failed', error: read.status === 'failed' ? read.error : 'VendorContractError' };
}
