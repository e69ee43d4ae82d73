import type { Objects } from '../platform/platform.ts';
import type { Brief } from '../report/brief.ts';
import type { Report } from '../report/report.ts';
import { briefOf } from '../views/brief.ts';
import { runFolder } from './keys.ts';
import { reportDataOf } from './report-data.ts';

/** What mail, ticket and terminal say of a run, and where the rest of it lies. */
export async function readBrief(objects: Objects, report: Report): Promise<Brief> {
  const folder = objects.locate(runFolder(report.runId));
  return briefOf(
    await reportDataOf(objects, report),
    `Details: report.xlsx, which begins with what to do, and report.html, with a section for each company; everything is in ${folder}.`,
  );
}
