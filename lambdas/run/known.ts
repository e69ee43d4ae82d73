import { BILLED_CSV } from '../billing/billed-csv/settings.ts';
import type { KnownSource } from '../billing/configuration.ts';
import type { ReportConfiguration } from '../configuration/report-json.ts';
import { type Catalog, type CatalogEntry, catalogEntry } from '../report/column.ts';
import type { Members } from '../wire/settings.ts';

/** The schemas of an integration's settings; a Collector has them. */
export type SettingsForms = { secret: Members; configuration: Members };

/** An integration that can be collected from, as the steps around the collectors see it. */
export type KnownCollector = CatalogEntry & {
  /** Called only for installed integrations: it loads the collector's code, where the schemas are declared. */
  settings: () => Promise<SettingsForms>;
};

/** What is known to a step that reads only files and no integration's settings. */
export type Catalogued = { collectors: Catalog; psas: readonly string[] };

/** What this installation has: the collectors in the order of their columns, and the ids of the PSAs. */
export type Known = {
  collectors: readonly KnownCollector[];
  psas: readonly string[];
  /** The PSAs whose agreements can be read. */
  sources: readonly KnownSource[];
};

/** The same for steps that know only the catalog of the collectors, on every engine. */
export const withCatalog = ({ collectors, ...others }: Known): Catalogued & Pick<Known, 'sources'> => ({
  ...others,
  collectors: collectors.map(catalogEntry),
});

/** Other ids that organizations.json can contain. A file of billed lines identifies companies by its texts. */
export const idHolders = (psas: readonly string[]): string[] => [...psas, BILLED_CSV];

/** A registry's content in the form that the steps need. */
export const knownIn = (registry: {
  collectors: readonly (CatalogEntry & SettingsForms)[];
  psas: readonly { id: string }[];
  sources: readonly (Pick<KnownSource, 'id' | 'name'> & { experimental: string | undefined; options: Members })[];
}): Known => ({
  collectors: registry.collectors.map((collector) => ({ ...catalogEntry(collector), settings: async () => collector })),
  psas: registry.psas.map(({ id }) => id),
  sources: registry.sources.map(({ id, name, experimental, options }) => ({
    id,
    name,
    experimental: experimental !== undefined,
    settings: options.shape,
  })),
});

/**
 * The installed PSAs, whose ids a vendor can store for our companies. A vendor that is also a PSA (NinjaOne) is one
 * only if the report is delivered to it.
 */
export const psasIn = (
  { integrations, delivery }: Pick<ReportConfiguration, 'integrations' | 'delivery'>,
  { collectors, psas }: { collectors: readonly { id: string }[]; psas: readonly string[] },
): string[] =>
  psas.filter(
    (id) =>
      integrations.has(id) &&
      (delivery.psa?.integration === id || !collectors.some((collector) => collector.id === id)),
  );
