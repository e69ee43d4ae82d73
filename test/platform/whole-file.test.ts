import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFile } from '../../lambdas/platform/whole-file.ts';

/** Node itself hands this on to whoever imports the module, until it is taken back. */
function withLink(link: typeof files.link): () => void {
  const { link: before } = files;
  files.link = link;
  syncBuiltinESMExports();
  return () => {
    files.link = before;
    syncBuiltinESMExports();
  };
}

test('on a file system without hard links, the first of two writers wins', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'whole-file-'));
  const restore = withLink(() =>
    Promise.reject(Object.assign(new Error('operation not permitted'), { code: 'EPERM' })),
  );
  try {
    const path = join(folder, 'ticket.json');
    expect(await createFile(path, 'first')).toBe(true);
    expect(await createFile(path, 'second')).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['ticket.json']);
  } finally {
    restore();
    rmSync(folder, { recursive: true, force: true });
  }
});
