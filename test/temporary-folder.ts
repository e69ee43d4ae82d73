import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs flush every file that they write, and a disk takes milliseconds for each: in memory it takes none, where Linux
 * has room.
 */
const IN_MEMORY = '/dev/shm';

/** Several times what all tests leave there; a container often has 64 MB. */
const ROOM_BYTES = 4 * 1024 ** 3;

/**
 * What tests put into the temporary folder goes when the last of them has ended, those included that were ended
 * half-way.
 */
export default function temporaryFolder(): () => void {
  const folder = mkdtempSync(join(hasRoom(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'billing-count-report-'));
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = folder;
  // Workers, and the commands that tests launch, load the same modules: each is compiled once.
  process.env.NODE_COMPILE_CACHE = join(folder, 'compile-cache');
  return () => rmSync(folder, { recursive: true, force: true });
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}
