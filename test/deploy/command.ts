import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export type Finished = { code: number | null; stdout: string; stderr: string };

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a script of this project in `environment` alone: nothing of the machine's own AWS settings reaches it. */
export const script =
  (environment: Record<string, string>) =>
  (name: string, ...args: string[]): Promise<Finished> =>
    run(fileURLToPath(new URL(`../../scripts/${name}.ts`, import.meta.url)), args, environment);

/** Runs the CDK command line. */
export const cdk =
  (environment: Record<string, string>) =>
  (...args: string[]): Promise<Finished> =>
    run(createRequire(import.meta.url).resolve('aws-cdk/bin/cdk'), [...args, '--no-notices'], environment);

function run(program: string, args: readonly string[], environment: Record<string, string>): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: PROJECT, env: environment });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
