import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** A function's code, ready to be uploaded. */
export type Bundle = { /** The directory with `index.mjs`. */ directory: string; bytes: number };

/** What a function runs: the text of a TypeScript module that exports `handler`, with absolute import paths. */
export type Entry = { name: string; source: string };

/** Some dependencies are CommonJS and ask for Node's own modules by `require`, which an ES module does not have. */
const REQUIRE = "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);";

/**
 * Bundles every function by itself, the AWS SDK included: the one that Lambda brings along changes without notice and starts
 * more slowly. One pass, so that what they share is read once. Returns the bundles by function name.
 */
export function bundle(entries: readonly Entry[], directory: string): ReadonlyMap<string, Bundle> {
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
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'warning',
  });
  const bytes = new Map(
    Object.entries(metafile.outputs).map(([file, output]) => [join(directory, file), output.bytes]),
  );
  return new Map(
    entries.map(({ name }) => {
      const folder = join(outputs, name);
      const size = bytes.get(join(folder, 'index.mjs'));
      if (size === undefined) throw new Error(`esbuild left no ${join(folder, 'index.mjs')}`);
      return [name, { directory: folder, bytes: size }] as const;
    }),
  );
}
