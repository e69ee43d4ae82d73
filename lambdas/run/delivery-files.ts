import type { Objects } from '../platform/platform.ts';
import { hasUnmapped } from '../report/csv.ts';
import { ReportError } from '../report/errors.ts';
import type { ReportHead } from '../report/report.ts';
import { CSV, XLSX } from './content-types.ts';
import { runKeys } from './keys.ts';

/** A file to deliver, and its location in case it is too large. */
export type DeliveryFile = { name: string; bytes: Uint8Array; contentType: string; location: string };

/** The workbook and report.csv; reconciliation.csv if billing was compared, and unmapped.csv if it is not empty. */
export async function deliveryFiles(report: ReportHead, objects: Objects): Promise<DeliveryFile[]> {
  const keys = runKeys(report.runId);
  const files = [await fileAt(keys.csv, 'report.csv', CSV, objects)];
  const further = [
    fileAt(keys.workbook, 'report.xlsx', XLSX, objects),
    fileAt(keys.reconciliationCsv, 'reconciliation.csv', CSV, objects),
    ...(hasUnmapped(report) ? [fileAt(keys.unmapped, 'unmapped.csv', CSV, objects)] : []),
  ];
  files.push(...(await Promise.all(further)));
  const gone = files.find(
    ({ name, bytes }) => bytes === undefined && (name === 'report.csv' || name === 'unmapped.csv'),
  );
  if (gone !== undefined) throw new ReportError('DeliveryError', `${gone.location} is gone; run again to recreate it`);
  return files.flatMap(({ bytes, ...file }) => (bytes === undefined ? [] : [{ ...file, bytes }]));
}

const fileAt = async (key: string, name: string, contentType: string, objects: Objects) => ({
  ...{ name, contentType },
  bytes: await objects.read(key),
  location: objects.locate(key),
});
