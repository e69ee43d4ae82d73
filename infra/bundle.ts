import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** A function's code, ready to be uploaded. */
export type Bundle = {
  /** The directory with `index.mjs`. */
  directory: string;
  bytes: number;
  /** How many of its bytes came from each package of node_modules. */
  packages: ReadonlyMap<string, number>;
};

/** What a function runs: the text of a TypeScript module that exports `handler`, with absolute import paths. */
export type Entry = { name: string; source: string };

/** Some dependencies are CommonJS and ask for Node's own modules by `require`, which an ES module does not have. */
const REQUIRE = "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);";

const CREDENTIALS = fileURLToPath(new URL('lambda-credentials.ts', import.meta.url));

/** Two installations in one app run the same code from the same directory. */
const built = new Map<string, ReadonlyMap<string, Bundle>>();

/**
 * Bundles every function by itself, the AWS SDK included: the one that Lambda brings along changes without notice and starts
 * more slowly. One pass, so that what they share is read once. Returns the bundles by function name.
 */
export function bundle(entries: readonly Entry[], directory: string): ReadonlyMap<string, Bundle> {
  const key = JSON.stringify([directory, entries.map(({ name, source }) => [name, source])]);
  const before = built.get(key);
  if (before !== undefined) return before;
  const bundles = build(entries, directory);
  built.set(key, bundles);
  return bundles;
}

function build(entries: readonly Entry[], directory: string): ReadonlyMap<string, Bundle> {
  const sources = join(directory, 'entries');
  const outputs = join(directory, 'functions');
  for (const folder of [sources, outputs]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  for (const { name, source } of entries) writeFileSync(join(sources, `${name}.ts`), source);
  const { metafile } = buildSync({
    absWorkingDir: directory,
    entryPoints: readdirSync(sources).map((file) => join(sources, file)),
    outdir: outputs,
    entryNames: '[name]/index',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Packages with both forms are taken as ES modules, of which only the used parts are kept.
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': CREDENTIALS },
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'warning',
  });
  const outputOf = new Map(Object.entries(metafile.outputs).map(([file, output]) => [join(directory, file), output]));
  return new Map(
    entries.map(({ name }) => {
      const folder = join(outputs, name);
      const output = outputOf.get(join(folder, 'index.mjs'));
      if (output === undefined) throw new Error(`esbuild left no ${join(folder, 'index.mjs')}`);
      return [name, { directory: folder, bytes: output.bytes, packages: packagesOf(output.inputs) }] as const;
    }),
  );
}

function packagesOf(inputs: Readonly<Record<string, { bytesInOutput: number }>>): Map<string, number> {
  const packages = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(file)?.[1];
    if (name !== undefined && bytesInOutput > 0) packages.set(name, (packages.get(name) ?? 0) + bytesInOutput);
  }
  return packages;
}
