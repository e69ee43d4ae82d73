import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createFile } from '../../lambdas/platform/whole-file.ts';

vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  link: () => Promise.reject(Object.assign(new Error('operation not permitted'), { code: 'EPERM' })),
}));

test('a file system without hard links keeps the first of two that claim a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'whole-file-'));
  try {
    const path = join(folder, 'ticket.json');
    expect(await createFile(path, 'first')).toBe(true);
    expect(await createFile(path, 'second')).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['ticket.json']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
