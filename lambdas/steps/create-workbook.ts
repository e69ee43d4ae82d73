import * as z from 'zod/mini';
import { reportPage } from '../page/page.ts';
import type { Step } from '../platform/platform.ts';
import { XLSX } from '../run/content-types.ts';
import { ReportTotals, Run, readInput } from '../run/input.ts';
import { runKeys } from '../run/keys.ts';
import { reportDataOf } from '../run/report-data.ts';
import { reportOf } from '../run/report-file.ts';
import { reportWorkbook } from '../workbook/workbook.ts';

const Input = z.strictObject({ run: Run, report: ReportTotals });

/** Writes report.xlsx and report.html: the whole run for people. */
const createWorkbook: Step = async (value, { objects }): Promise<{ workbook: string; page: string }> => {
  const { run } = readInput(Input, value, 'create-workbook');
  const keys = runKeys(run.runId);
  const data = await reportDataOf(objects, await reportOf(objects, run.runId));
  await objects.write(keys.workbook, await reportWorkbook(data), XLSX);
  await objects.write(keys.page, reportPage(data), 'text/html; charset=utf-8');
  return { workbook: keys.workbook, page: keys.page };
};

export default createWorkbook;
