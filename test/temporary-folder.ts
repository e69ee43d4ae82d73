import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What tests put into the temporary folder goes when the last of them has ended, those included that were ended half-way. */
export default function temporaryFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'billing-count-report-'));
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
