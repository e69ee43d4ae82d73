import { open, readFile, rename, truncate } from 'node:fs/promises';
import * as z from 'zod/mini';
import { Answer } from '../../lambdas/mapping/answers.ts';
import { codeOf } from '../../lambdas/platform/whole-file.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { runIdAt } from '../../lambdas/run/keys.ts';

/** Every answer of every session, in the order given. */
export type Journal = {
  answers: readonly Answer[];
  /** Remarks on the file for the person. */
  notes: readonly string[];
  /** Resolves when the answer is on disk. */
  add(answer: Answer): Promise<void>;
};

/**
 * Opens the journal of answers, one JSON text per line. A line that a killed session left incomplete was never
 * confirmed and is cut off; a file with any other fault is renamed, and a new one is started. Errors:
 * `ConfigurationError`.
 */
export async function openJournal(path: string, now: number): Promise<Journal> {
  const content = await textOf(path);
  const whole = content.slice(0, content.lastIndexOf('\n') + 1);
  const read = readAnswers(whole);
  const notes: string[] = [];
  if (read === undefined) {
    const aside = `${path}.${runIdAt(now)}.aside`;
    await explained(path, () => rename(path, aside));
    notes.push(`${path} cannot be read as answers; it was set aside as ${aside}, and its questions are asked again`);
  } else if (whole !== content) {
    await explained(path, () => truncate(path, Buffer.byteLength(whole)));
    notes.push(`${path}: the last answer was cut off in the middle and is asked again`);
  }
  const answers = read ?? [];
  return {
    answers,
    notes,
    async add(answer) {
      await explained(path, async () => {
        const file = await open(path, 'a', 0o600);
        try {
          await file.writeFile(`${JSON.stringify(answer)}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
      });
      answers.push(answer);
    },
  };
}

function readAnswers(content: string): Answer[] | undefined {
  const answers: Answer[] = [];
  for (const line of content.split('\n')) {
    if (line.trim() === '') continue;
    const answer = z.safeParse(Answer, parsed(line));
    if (!answer.success) return undefined;
    answers.push(answer.data);
  }
  return answers;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw new ReportError('ConfigurationError', `cannot read ${path} (${codeOf(error)})`, { cause: error });
  }
}

async function explained(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new ReportError(
      'ConfigurationError',
      `cannot write ${path} (${codeOf(error)}); nothing more can be confirmed`,
      {
        cause: error,
      },
    );
  }
}
