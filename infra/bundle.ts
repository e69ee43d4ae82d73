import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { sdkSchemas } from './sdk-schemas.ts';

/** A function's code, ready to be uploaded. */
export type Bundle = {
  /** The directory of `index.mjs` and of the parts that it imports on demand. */
  directory: string;
  /** Bytes that are loaded when the function starts. */
  bytes: number;
  /** Bytes of the parts that are imported on demand. */
  laterBytes: number;
  /** How many of all these bytes came from each package of node_modules. */
  packages: ReadonlyMap<string, number>;
};

/** What a function runs: the text of a TypeScript module that exports `handler`, with absolute import paths. */
export type Entry = { name: string; source: string };

/** Some dependencies are CommonJS and ask for Node's own modules by `require`, which an ES module does not have. */
const REQUIRE = "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);";

/** Parts of the SDK that no function of ours needs, and what takes their place. */
const REPLACED = {
  '@aws-sdk/credential-provider-node': fileURLToPath(new URL('lambda-credentials.ts', import.meta.url)),
  '@smithy/core/event-streams': fileURLToPath(new URL('lambda-event-streams.ts', import.meta.url)),
};

const OPTIONS = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // Packages with both forms are taken as ES modules, of which only the used parts are kept.
  mainFields: ['module', 'main'],
  alias: REPLACED,
  plugins: [sdkSchemas],
  banner: { js: REQUIRE },
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * Bundles every function by itself, the AWS SDK included: the one that Lambda brings along changes without notice and
 * starts more slowly. Returns the bundles by function name.
 */
export async function bundle(entries: readonly Entry[], directory: string): Promise<ReadonlyMap<string, Bundle>> {
  const sources = join(directory, 'entries');
  const outputs = join(directory, 'functions');
  for (const folder of [sources, outputs]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  for (const { name, source } of entries) writeFileSync(join(sources, `${name}.ts`), source);
  const common = { ...OPTIONS, absWorkingDir: directory };
  // One pass for all, so that shared modules are read once.
  const { metafile } = await build({
    ...common,
    entryPoints: entries.map(({ name }) => join(sources, `${name}.ts`)),
    outdir: outputs,
    entryNames: '[name]/index',
  });
  const bundles = entries.map(async ({ name }) => {
    const [index, folder] = [`functions/${name}/index.mjs`, join(outputs, name)];
    if (!hasLaterParts(metafile, index)) return [name, bundleIn(folder, metafile, index)] as const;
    // Built separately: split together with the others, they would share parts.
    const { metafile: apart } = await build({
      ...common,
      entryPoints: [{ in: join(sources, `${name}.ts`), out: 'index' }],
      outdir: folder,
      splitting: true,
    });
    return [name, bundleIn(folder, apart, index)] as const;
  });
  return new Map(await Promise.all(bundles));
}

type Imported = { path: string; kind: string; external?: boolean };

/** Whether one of our modules in it imports another on demand. */
const hasLaterParts = ({ inputs, outputs }: Metafile, index: string): boolean =>
  Object.keys(outputs[index]?.inputs ?? {}).some(
    (file) => packageOf(file) === undefined && inputs[file]?.imports.some(isLater) === true,
  );

const isLater = ({ kind, external }: Imported): boolean => kind === 'dynamic-import' && external !== true;

function bundleIn(directory: string, { outputs }: Metafile, index: string): Bundle {
  const atStart = filesFrom(index, outputs, (imported) => !isLater(imported));
  const all = filesFrom(index, outputs, () => true);
  const bytesOf = (files: ReadonlySet<string>): number =>
    [...files].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
  const packages = new Map<string, number>();
  for (const [file, { bytesInOutput }] of [...all].flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}))) {
    const name = packageOf(file);
    if (name !== undefined && bytesInOutput > 0) packages.set(name, (packages.get(name) ?? 0) + bytesInOutput);
  }
  return { directory, bytes: bytesOf(atStart), laterBytes: bytesOf(all) - bytesOf(atStart), packages };
}

/** A file and everything that it imports, by the imports that are `followed`. */
function filesFrom(
  index: string,
  outputs: Metafile['outputs'],
  followed: (imported: Imported) => boolean,
): ReadonlySet<string> {
  const reached = new Set([index]);
  for (const file of reached) {
    const output = outputs[file];
    if (output === undefined) throw new Error(`esbuild left no ${file}`);
    for (const imported of output.imports) {
      if (imported.external !== true && followed(imported)) reached.add(imported.path);
    }
  }
  return reached;
}

const packageOf = (file: string): string | undefined => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(file)?.[1];
