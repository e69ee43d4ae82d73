import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleFunctions } from '../../infra/functions.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { BASE } from './options.ts';
import { note } from './ratios.ts';

/*
 * `npm run bench:starts`: what it costs to begin. Each function's bundle is imported next to a bare handler that has
 * only the S3 client, as the SDK ships it; `node scripts/start.ts` runs next to that of another checkout, `--base`.
 * Every figure is a ratio of medians of processor time, taken in turns within this run: the machine's load is in both.
 */

const ROUNDS = 5;
/** How much an import may cost, relative to the bare handler's, and how large a bundle may be. */
const KINDS = [
  { kind: 'step', most: 1.15, kibibytes: 500 },
  { kind: 'collector', most: 1.4, kibibytes: 1_020 },
];
const ROOT = new URL('../../', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'starts-'));

const BARE = `
  import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
  const client = new S3Client({});
  export const handler = (place) => client.send(new GetObjectCommand(place));
`;

try {
  await imports();
  starts(BASE);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function imports(): Promise<void> {
  const bundles = await bundleFunctions(await loadRegistry(), join(folder, 'lambda'));
  const bare = join(folder, 'bare.mjs');
  const { metafile } = buildSync({
    stdin: { contents: BARE, resolveDir: ROOT, loader: 'ts' },
    ...{ outfile: bare, bundle: true, minify: true, format: 'esm', platform: 'node', target: 'node24', metafile: true },
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);" },
  });
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  const measured = new Map([['bare', { file: bare, bytes, laterBytes: 0, times: [] as number[] }]]);
  for (const [name, { directory, bytes: atStart, laterBytes }] of bundles) {
    measured.set(name, { file: join(directory, 'index.mjs'), bytes: atStart, laterBytes, times: [] });
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { file, times } of measured.values()) times.push(importMilliseconds(file));
  }
  const base = median(measured.get('bare')?.times ?? []);
  for (const { kind, most, kibibytes } of KINDS) {
    const ofKind = [...measured].flatMap(([name, bundle]) => (name !== 'bare' && kindOf(name) === kind ? bundle : []));
    note(`import of a ${kind} / bare, at most`, Math.max(...ofKind.map(({ times }) => median(times) / base)), most);
    note(`KiB of a ${kind}, at most`, Math.max(...ofKind.map(({ bytes: size }) => size / 1024)), kibibytes);
  }
  console.table(
    [...measured].map(([name, { bytes: size, laterBytes, times }]) => ({
      Function: name,
      KiB: Math.round(size / 1024),
      'When needed (KiB)': Math.round(laterBytes / 1024),
      'Import (ms)': Math.round(median(times)),
      'Import / bare': (median(times) / base).toFixed(2),
    })),
  );
}

/** Sources and PSAs contain what collectors do: all that is needed to call another system. */
function kindOf(name: string): string {
  return /^(collector|source|psa)-/u.test(name) ? 'collector' : 'step';
}

function importMilliseconds(file: string): number {
  const script = `const before = process.cpuUsage(); await import(${JSON.stringify(file)});
    const { user, system } = process.cpuUsage(before); process.stdout.write(String((user + system) / 1000));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, REPORT_BUCKET: 'a-bucket', AWS_REGION: 'eu-central-1', STATE_MACHINE_ARN: 'arn:aws:x' },
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return Number(stdout);
}

/** Cold has nothing of an earlier start, warm has what Node kept of it. */
function starts(theirs: string | undefined): void {
  const [work, most] = ['node scripts/start.ts, warm: processor / base', 0.65] as const;
  if (theirs === undefined) {
    note(work, undefined, most);
    return;
  }
  const ways = [
    { name: 'the other checkout', root: theirs, cache: undefined, times: [] as number[] },
    { name: 'this one, cold', root: ROOT, cache: undefined, times: [] as number[] },
    { name: 'this one, warm', root: ROOT, cache: join(folder, 'cache'), times: [] as number[] },
  ];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { root, cache, times } of ways) times.push(startMilliseconds(root, cache));
  }
  const base = median(ways[0]?.times ?? []);
  console.table(
    ways.map(({ name, times }) => ({
      'node scripts/start.ts': name,
      'Processor (ms)': Math.round(median(times)),
      Ratio: (median(times) / base).toFixed(2),
    })),
  );
  note(work, median(ways[2]?.times ?? []) / base, most);
}

function startMilliseconds(root: string, cache: string | undefined): number {
  const script = `const { spawnSync } = await import('node:child_process');
    const { status } = spawnSync(process.execPath, ['scripts/start.ts', '--quiet', '--out', ${JSON.stringify(mkdtempSync(join(folder, 'out-')))}]);
    if (status !== 0) process.exit(1);
    process.stdout.write(require('node:fs').readFileSync('/proc/self/stat', 'utf8').split(') ')[1]);`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=commonjs', '--eval', `(async () => {${script}})()`],
    {
      cwd: root,
      env: {
        ...process.env,
        ...(cache === undefined ? { NODE_DISABLE_COMPILE_CACHE: '1' } : { NODE_COMPILE_CACHE: cache }),
      },
      encoding: 'utf8',
    },
  );
  if (stdout === '') throw new Error(stderr);
  // Linux: ticks of the children that were waited for, in hundredths of a second.
  const fields = stdout.split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
