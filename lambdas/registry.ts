import { readdir } from 'node:fs/promises';
import type { Collector } from './counting/vendor.ts';
import type { Psa } from './psa/delivery/psa.ts';
import type { Source } from './sources/reading/source.ts';

/** What this checkout can collect from, deliver to, and read agreements of. */
export type Registry = { collectors: readonly Collector[]; psas: readonly Psa[]; sources: readonly Source[] };

/**
 * The folders are the registry: every file of `lambdas/collectors/`, `lambdas/psa/` and `lambdas/sources/` is one
 * integration. Collectors come in the order of their columns, the others in the order of their ids.
 */
export async function loadRegistry(): Promise<Registry> {
  const [collectors, psas, sources] = await Promise.all([
    declarationsIn<Collector>('collectors'),
    declarationsIn<Psa>('psa'),
    declarationsIn<Source>('sources'),
  ]);
  return {
    collectors: collectors.sort((a, b) => a.position - b.position),
    psas: psas.sort(byId),
    sources: sources.sort(byId),
  };
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

async function declarationsIn<D extends { id: string; open: unknown }>(folder: string): Promise<D[]> {
  const directory = new URL(`./${folder}/`, import.meta.url);
  const entries = await readdir(directory, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).map(({ name }) => name);
  return Promise.all(
    files.map(async (file) => {
      const loaded: { default?: unknown } = await import(new URL(file, directory).href);
      const declared = loaded.default;
      if (typeof declared !== 'object' || declared === null || !('id' in declared) || !('open' in declared)) {
        throw new Error(`lambdas/${folder}/${file}: expected a declaration as default export`);
      }
      if (`${declared.id}.ts` !== file) {
        throw new Error(`lambdas/${folder}/${file} declares "${declared.id}"; file and integration carry one name`);
      }
      // The folder determines the type of its declarations; the loader can only check that they are declarations.
      return declared as D;
    }),
  );
}
