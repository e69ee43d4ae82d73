import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/*
 * Runs linter, types and tests side by side: alone, linter and types would leave a core idle. The tests print as they
 * go; the output of the others is printed when each has ended, and the last line names what failed.
 */

/** Runs a script of package.json; resolves to its name if it failed. */
async function failing(script: string, output: 'live' | 'at the end'): Promise<string[]> {
  const stdio = output === 'live' ? 'inherit' : 'pipe';
  const check = spawn(process.execPath, ['--run', script], { stdio: ['inherit', stdio, stdio] });
  const ended = once(check, 'close');
  const printed = await Promise.all(
    [check.stdout, check.stderr].map((stream) => (stream === null ? '' : text(stream))),
  );
  const [status] = await ended;
  process.stdout.write(printed.join(''));
  return status === 0 ? [] : [script];
}

const failed = await Promise.all([
  failing('lint', 'at the end'),
  failing('types', 'at the end'),
  failing('unit', 'live'),
]);
if (failed.flat().length > 0) {
  console.error(`failed: ${failed.flat().join(', ')}`);
  process.exitCode = 1;
}
