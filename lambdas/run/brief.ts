import type { Objects } from '../platform/platform.ts';
import type { Brief } from '../report/brief.ts';
import type { ReportHead } from '../report/report.ts';
import { briefOf } from '../views/brief.ts';
import { reportDataOf } from './report-data.ts';

const DETAILS = 'Details: report.xlsx begins with everything to do, report.html has a section for each company.';

/** What mail and ticket show about a run. */
export async function readBrief(objects: Objects, report: ReportHead): Promise<Brief> {
  return briefOf(await reportDataOf(objects, report), DETAILS);
}
