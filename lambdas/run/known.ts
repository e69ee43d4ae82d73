import { BILLED_CSV } from '../billing/billed-csv/settings.ts';
import type { KnownSource } from '../billing/configuration.ts';
import type { ReportConfiguration } from '../configuration/report-json.ts';
import { type Catalog, type CatalogEntry, catalogEntry } from '../report/column.ts';
import type { Members } from '../wire/settings.ts';

/** What an integration's settings look like; a Collector says it. */
export type SettingsForms = { secret: Members; configuration: Members };

/** An integration that can be collected from, as far as the steps around the collectors look. */
export type KnownCollector = CatalogEntry & {
  /** Asked for installed integrations alone: with the forms comes the code of the collector that declares them. */
  settings: () => Promise<SettingsForms>;
};

/** What a step knows that reads files and asks nothing of an integration's settings. */
export type Catalogued = { collectors: Catalog; psas: readonly string[] };

/** What this installation knows: the collectors in the order of their columns, and the ids of the PSAs. */
export type Known = {
  collectors: readonly KnownCollector[];
  psas: readonly string[];
  /** The PSAs whose agreements can be read. */
  sources: readonly KnownSource[];
};

/** The same for steps that know of the collectors no more than the catalog, on every engine. */
export const withCatalog = ({ collectors, ...others }: Known): Catalogued & Pick<Known, 'sources'> => ({
  ...others,
  collectors: collectors.map(catalogEntry),
});

/** Beside the collectors: whose ids organizations.json may hold. A file of billed lines knows companies by the texts in it. */
export const idHolders = (psas: readonly string[]): string[] => [...psas, BILLED_CSV];

/** What a registry knows, as the steps ask for it. */
export const knownIn = (registry: {
  collectors: readonly (CatalogEntry & SettingsForms)[];
  psas: readonly { id: string }[];
  sources: readonly (Pick<KnownSource, 'id'> & { experimental: string | undefined; options: Members })[];
}): Known => ({
  collectors: registry.collectors.map((collector) => ({ ...catalogEntry(collector), settings: async () => collector })),
  psas: registry.psas.map(({ id }) => id),
  sources: registry.sources.map(({ id, experimental, options }) => ({
    id,
    experimental: experimental !== undefined,
    settings: options.shape,
  })),
});

/**
 * The installed PSAs, by whose ids a vendor may know our companies. A vendor that is a PSA too (NinjaOne) is one only where the report
 * is delivered to it.
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
