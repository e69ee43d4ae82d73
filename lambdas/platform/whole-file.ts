import { randomUUID } from 'node:crypto';
import { link, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Body } from './platform.ts';

/** Error codes of file systems without hard links. */
const NO_LINKS = /^(EPERM|ENOTSUP|ENOSYS|EOPNOTSUPP|EMLINK)$/u;

/**
 * Writes or replaces the file atomically: a reader sees, and a killed process leaves, the old or the new one. A link
 * stays a link: its target is replaced.
 */
export async function replaceFile(path: string, body: Body, mode = 0o644): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const draft = await writeDraft(target, body, mode);
  try {
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Writes the file, complete from the start, only if there is none yet; otherwise returns false. */
export async function createFile(path: string, body: Body, mode = 0o644): Promise<boolean> {
  const draft = await writeDraft(path, body, mode);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!NO_LINKS.test(codeOf(error))) throw error;
    return await createWithoutLink(path, body, mode);
  } finally {
    await rm(draft, { force: true });
  }
}

async function createWithoutLink(path: string, body: Body, mode: number): Promise<boolean> {
  try {
    const file = await open(path, 'wx', mode);
    try {
      await file.writeFile(body);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Next to its target, because a rename does not cross file systems; flushed, because a rotated secret exists only here.
 */
async function writeDraft(path: string, body: Body, mode: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}.part`;
  const file = await open(draft, 'wx', mode);
  try {
    await file.writeFile(body);
    await file.sync();
  } catch (error) {
    // An incomplete draft would keep a full disk full.
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return draft;
}

/** The system's code of a failed file operation ("ENOENT"); empty for anything else. */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
