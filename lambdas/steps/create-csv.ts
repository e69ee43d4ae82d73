import * as z from 'zod/mini';
import type { Step } from '../platform/platform.ts';
import { reportCsv, unmappedCsv } from '../report/csv.ts';
import { type Files, ReportTotals, Run, readInput } from '../run/input.ts';
import { runKeys } from '../run/keys.ts';
import { reportOf } from '../run/report-file.ts';

const Input = z.strictObject({ run: Run, report: ReportTotals });

const CSV = 'text/csv; charset=utf-8';

/** Writes report.csv and unmapped.csv (with its header alone where every customer is mapped) and returns their keys. */
const createCsv: Step = async (value, { objects }): Promise<Files> => {
  const { run } = readInput(Input, value, 'create-csv');
  const keys = runKeys(run.runId);
  const report = await reportOf(objects, run.runId);
  await objects.write(keys.csv, reportCsv(report), CSV);
  await objects.write(keys.unmapped, unmappedCsv(report), CSV);
  return { csv: keys.csv, unmapped: keys.unmapped };
};

export default createCsv;
