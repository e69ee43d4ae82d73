import { jsonLines } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';
import { type KeptCells, keptCells, tableOf } from '../report/cell-table.ts';
import { ReportError } from '../report/errors.ts';
import { isRecord } from '../report/record.ts';
import type { Cell, Report, ReportHead, RowHead } from '../report/report.ts';
import { rowTexts } from '../report/report-rows.ts';
import { readJson } from './json-file.ts';
import { runKeys } from './keys.ts';

/*
 * report.json is what people and other programs read, and it grows with companies times columns. The steps after
 * Consolidate read its parts: the report without its cells, and the cells column by column, in a tenth of the bytes.
 * They are written after it, once the report is final. Parts older than report.json belong to an earlier one: then
 * report.json is read.
 */

/**
 * The report of the run; undefined if it was not made yet. Errors: `ConfigurationError` for a file that is not ours.
 */
export async function readReport(objects: Objects, runId: string): Promise<Report | undefined> {
  const head = await readHead(objects, runId);
  if (head === undefined || isWhole(head)) return head;
  const kept = await readJson(objects, runKeys(runId).reportCells);
  if (!isKeptCells(kept, head)) return readWhole(objects, runId);
  const cells = tableOf(head.columns, kept);
  return { ...head, rows: head.rows.map((row, place) => ({ ...row, cells: cells.row(place) })) };
}

/** The report without its cells; undefined when it was not made yet. Errors: as `readReport`. */
export async function readHead(objects: Objects, runId: string): Promise<ReportHead | undefined> {
  const head = (await hasParts(objects, runId)) ? await readJson(objects, runKeys(runId).reportHead) : undefined;
  return isHeadOf(head, runId) ? head : readWhole(objects, runId);
}

async function hasParts(objects: Objects, runId: string): Promise<boolean> {
  const { report, reportHead } = runKeys(runId);
  const [made, kept] = [await objects.writtenAt(report), await objects.writtenAt(reportHead)];
  return made !== undefined && kept !== undefined && kept >= made;
}

/** The report made by an earlier state. Errors: `ConfigurationError` if it is gone. */
export const reportOf = async (objects: Objects, runId: string): Promise<Report> =>
  (await readReport(objects, runId)) ?? gone(objects, runId);

/** The same without its cells. */
export const headOf = async (objects: Objects, runId: string): Promise<ReportHead> =>
  (await readHead(objects, runId)) ?? gone(objects, runId);

function gone(objects: Objects, runId: string): never {
  throw new ReportError(
    'ConfigurationError',
    `${objects.locate(runKeys(runId).report)} is gone; run again under another run id`,
  );
}

/** True if at least one vendor was read: such a report is final and is delivered unchanged when the run is repeated. */
export const holdsCounts = ({ integrations }: Pick<ReportHead, 'integrations'>): boolean =>
  integrations.some(({ status }) => status === 'collected' || status === 'partial');

/**
 * Writes the report and returns the one that is in the folder: of two executions of one run the first to finish makes
 * it; a report without a count can be replaced.
 */
export async function keepReport(objects: Objects, report: Report): Promise<ReportHead> {
  const keys = runKeys(report.runId);
  const body = jsonLines(report, { rows: () => rowTexts(report) });
  if (!(await objects.createOnce(keys.report, body))) {
    const other = await readWhole(objects, report.runId);
    if (other !== undefined && holdsCounts(other)) return keepParts(objects, other);
    await objects.write(keys.report, body, JSON_TYPE);
  }
  return holdsCounts(report) ? keepParts(objects, report) : report;
}

/** Writes the missing parts of a report: the run was killed, or an older version made it. */
export async function completeParts(objects: Objects, runId: string): Promise<void> {
  if (await hasParts(objects, runId)) return;
  const report = await readWhole(objects, runId);
  if (report !== undefined) await keepParts(objects, report);
}

const JSON_TYPE = 'application/json';

/** The head last: if it exists, so do the cells. */
async function keepParts(objects: Objects, report: Report): Promise<ReportHead> {
  const keys = runKeys(report.runId);
  const head: ReportHead = { ...report, rows: report.rows.map(({ cells: _, ...row }): RowHead => row) };
  const cells: KeptCells = { columns: [], blanks: [] };
  await objects.write(keys.reportCells, jsonLines(cells, keptCells(report)), JSON_TYPE);
  await objects.write(keys.reportHead, jsonLines(head), JSON_TYPE);
  return head;
}

/** A report in the form of report.json. */
export type WholeReport = Omit<Report, 'rows'> & { rows: (RowHead & { cells: Record<string, Cell> })[] };

async function readWhole(objects: Objects, runId: string): Promise<Report | undefined> {
  const key = runKeys(runId).report;
  const value = await readJson(objects, key);
  if (value === undefined) return undefined;
  if (isWholeOf(value, runId)) {
    return { ...value, rows: value.rows.map((row) => ({ ...row, cells: new Map(Object.entries(row.cells)) })) };
  }
  throw new ReportError(
    'ConfigurationError',
    `${objects.locate(key)} is not the report of run ${runId}; remove that file`,
  );
}

const isWhole = (report: ReportHead | Report): report is Report => report.rows.every((row) => 'cells' in row);

/**
 * Recognizes our own file by its run id and its parts. The cells are not checked one by one: only Consolidate
 * writes them, and a large report has millions.
 */
const isHeadOf = (value: unknown, runId: string): value is ReportHead =>
  isRecord(value) &&
  value.runId === runId &&
  [value.columns, value.rows, value.unmapped, value.ambiguous, value.integrations].every(Array.isArray);

const isWholeOf = (value: unknown, runId: string): value is WholeReport => isHeadOf(value, runId);

const isKeptCells = (value: unknown, { columns }: ReportHead): value is KeptCells =>
  isRecord(value) &&
  Array.isArray(value.blanks) &&
  Array.isArray(value.columns) &&
  value.columns.length === columns.length;
