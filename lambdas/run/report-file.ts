import { inChunks } from '../platform/in-chunks.ts';
import { jsonLines } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';
import { asTable, type KeptCells, keptCells, type ReportTable, tableOf } from '../report/cell-table.ts';
import { reportCsv, unmappedCsv } from '../report/csv.ts';
import { ReportError } from '../report/errors.ts';
import { isRecord } from '../report/record.ts';
import type { Cell, Report, ReportHead, RowHead } from '../report/report.ts';
import { rowTexts } from '../report/report-rows.ts';
import { CSV } from './content-types.ts';
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

const hasParts = (objects: Objects, runId: string): Promise<boolean> => isOfReport(objects, runId, 'reportHead');

/** Whether the CSV files are there, and are those of the report. */
export const hasCsv = async (objects: Objects, runId: string): Promise<boolean> =>
  (await isOfReport(objects, runId, 'csv')) && (await isOfReport(objects, runId, 'unmapped'));

/** True for a file that was written after the report. */
async function isOfReport(objects: Objects, runId: string, file: 'reportHead' | 'csv' | 'unmapped'): Promise<boolean> {
  const keys = runKeys(runId);
  const [made, written] = [await objects.writtenAt(keys.report), await objects.writtenAt(keys[file])];
  return made !== undefined && written !== undefined && written >= made;
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
export async function keepReport(objects: Objects, table: ReportTable): Promise<ReportHead> {
  const { head } = table;
  const key = runKeys(head.runId).report;
  const body = jsonLines(head, { rows: () => rowTexts(table) });
  if (!(await objects.createOnce(key, body))) {
    const other = await readWhole(objects, head.runId);
    if (other !== undefined && holdsCounts(other)) return keepParts(objects, asTable(other));
    await objects.write(key, body, JSON_TYPE);
  }
  return holdsCounts(head) ? keepParts(objects, table) : head;
}

/** Writes the missing parts of a report: the run was killed, or an older version made it. */
export async function completeParts(objects: Objects, runId: string): Promise<void> {
  if (await hasParts(objects, runId)) return;
  const report = await readWhole(objects, runId);
  if (report !== undefined) await keepParts(objects, asTable(report));
}

/** Writes report.csv, and unmapped.csv, which has only its header if every customer is mapped. */
export async function writeCsv(objects: Objects, table: ReportTable): Promise<void> {
  const { csv, unmapped } = runKeys(table.head.runId);
  await objects.write(csv, inChunks(reportCsv(table)), CSV);
  await objects.write(unmapped, unmappedCsv(table.head), CSV);
}

const JSON_TYPE = 'application/json';

/** The head last: if it exists, so do the others. */
async function keepParts(objects: Objects, table: ReportTable): Promise<ReportHead> {
  const { head } = table;
  const keys = runKeys(head.runId);
  const cells: KeptCells = { columns: [], blanks: [] };
  await writeCsv(objects, table);
  await objects.write(keys.reportCells, jsonLines(cells, keptCells(table)), JSON_TYPE);
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
