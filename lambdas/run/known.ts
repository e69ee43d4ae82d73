import type { KnownSource } from '../billing/configuration.ts';
import type { Catalog, CatalogEntry } from '../report/column.ts';
import type { Members } from '../wire/settings.ts';

/** An integration that can be collected from, as far as the steps around the collectors look; a Collector is one. */
export type KnownCollector = CatalogEntry & { secret: Members; configuration: Members };

/** What a step knows that reads files and asks nothing of an integration's settings. */
export type Catalogued = { collectors: Catalog; psas: readonly string[] };

/** What this installation knows: the collectors in the order of their columns, and the ids of the PSAs. */
export type Known = {
  collectors: readonly KnownCollector[];
  psas: readonly string[];
  /** The PSAs whose agreements can be read. */
  sources: readonly KnownSource[];
};

/** What a registry knows, as the steps ask for it. */
export const knownIn = (registry: {
  collectors: readonly KnownCollector[];
  psas: readonly { id: string }[];
  sources: readonly (Pick<KnownSource, 'id'> & { experimental: string | undefined; options: Members })[];
}): Known => ({
  collectors: registry.collectors,
  psas: registry.psas.map(({ id }) => id),
  sources: registry.sources.map(({ id, experimental, options }) => ({
    id,
    experimental: experimental !== undefined,
    settings: options.shape,
  })),
});
