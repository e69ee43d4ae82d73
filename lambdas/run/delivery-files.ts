import type { Objects } from '../platform/platform.ts';
import { hasUnmapped } from '../report/csv.ts';
import { ReportError } from '../report/errors.ts';
import type { Report } from '../report/report.ts';
import { runKeys } from './keys.ts';

/** A file to hand over, and where it lies should it be too large. */
export type DeliveryFile = { name: string; bytes: Uint8Array; contentType: string; location: string };

/** report.csv and, where it says anything, unmapped.csv. */
export async function deliveryFiles(report: Report, objects: Objects): Promise<DeliveryFile[]> {
  const keys = runKeys(report.runId);
  const files = [await fileAt(keys.csv, 'report.csv', objects)];
  if (hasUnmapped(report)) files.push(await fileAt(keys.unmapped, 'unmapped.csv', objects));
  return files;
}

async function fileAt(key: string, name: string, objects: Objects): Promise<DeliveryFile> {
  const bytes = await objects.read(key);
  const location = objects.locate(key);
  if (bytes === undefined)
    throw new ReportError('DeliveryError', `${location} is gone; run again to have it made anew`);
  return { name, bytes, contentType: 'text/csv; charset=utf-8', location };
}
