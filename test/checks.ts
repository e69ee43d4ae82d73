import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/*
 * Linter, types and tests next to each other: on two cores one of them alone leaves half idle. The tests write as they go; what the
 * others have to say comes in one piece when each has ended, and which failed is said at the end.
 */

/** Runs a script of package.json; resolves to its name if it failed. */
async function failing(script: string, output: 'live' | 'at the end'): Promise<string[]> {
  const stdio = output === 'live' ? 'inherit' : 'pipe';
  const check = spawn(process.execPath, ['--run', script], { stdio: ['inherit', stdio, stdio] });
  const ended = once(check, 'close');
  const said = await Promise.all([check.stdout, check.stderr].map((stream) => (stream === null ? '' : text(stream))));
  const [status] = await ended;
  process.stdout.write(said.join(''));
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
