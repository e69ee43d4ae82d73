import { readdir } from 'node:fs/promises';
import type { Objects } from '../../lambdas/platform/platform.ts';
import { codeOf } from '../../lambdas/platform/whole-file.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { byText } from '../../lambdas/report/order.ts';
import { type BegunRun, begunRun } from '../../lambdas/run/begun-run.ts';
import { isSafeId } from '../../lambdas/run/keys.ts';

/**
 * The organization's latest run below `out`. Errors: `ConfigurationError` if there is none; `otherwise` is what the
 * command can do instead of reading one.
 */
export async function lastRun(objects: Objects, out: string, organization: string, otherwise = ''): Promise<BegunRun> {
  const runs = (await Promise.all((await foldersIn(out)).map((id) => begunRun(objects, id)))).flatMap((run) =>
    run?.organization === organization ? [run] : [],
  );
  const [latest] = runs.sort((a, b) => byText(b.asOf, a.asOf));
  if (latest !== undefined) return latest;
  throw new ReportError(
    'ConfigurationError',
    `--out: ${out} holds no run of ${organization}; make one with npm run report -- --config DIR --deliver none${otherwise}`,
  );
}

async function foldersIn(out: string): Promise<string[]> {
  try {
    const entries = await readdir(out, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && isSafeId(entry.name)).map(({ name }) => name);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw new ReportError('ConfigurationError', `--out: cannot read ${out} (${codeOf(error)})`, { cause: error });
  }
}
