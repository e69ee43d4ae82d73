import * as z from 'zod/mini';
import type { Step } from '../platform/platform.ts';
import { asTable } from '../report/cell-table.ts';
import { type Files, ReportTotals, Run, readInput } from '../run/input.ts';
import { runKeys } from '../run/keys.ts';
import { hasCsv, reportOf, writeCsv } from '../run/report-file.ts';

const Input = z.strictObject({ run: Run, report: ReportTotals });

/**
 * Returns the keys of report.csv and unmapped.csv. They are written with the report; those that are gone are made again
 * from it.
 */
const createCsv: Step = async (value, { objects }): Promise<Files> => {
  const { run } = readInput(Input, value, 'create-csv');
  const { csv, unmapped } = runKeys(run.runId);
  if (!(await hasCsv(objects, run.runId))) await writeCsv(objects, asTable(await reportOf(objects, run.runId)));
  return { csv, unmapped };
};

export default createCsv;
