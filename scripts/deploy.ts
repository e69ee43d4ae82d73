import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { regionOf } from './aws/region.ts';
import { command } from './local/command.ts';

/*
 * Without a region the CDK command line silently uses us-east-1; secrets and counts would be where nobody looks for
 * them. Everything else, including the options, is CDK's.
 */
await command(async () => {
  const [act = 'deploy', ...options] = process.argv.slice(2);
  const profile = optionIn('--profile', options);
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  process.env.AWS_REGION = await regionOf();
  const program = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');
  const cdk = spawn(process.execPath, [program, act, '--all', ...options], { stdio: 'inherit' });
  return new Promise<number>((resolve, reject) => {
    cdk.once('error', reject);
    cdk.once('exit', (code) => resolve(code ?? 1));
  });
});

/** `--name value` or `--name=value`. */
function optionIn(name: string, options: readonly string[]): string | undefined {
  const [, joined] = options.find((option) => option.startsWith(`${name}=`))?.split('=') ?? [];
  const at = options.indexOf(name);
  return joined ?? (at < 0 ? undefined : options[at + 1]);
}
