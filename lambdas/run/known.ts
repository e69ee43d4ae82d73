import type { CatalogEntry } from '../report/column.ts';
import type { Members } from '../wire/settings.ts';

/** An integration that can be collected from, as far as the steps around the collectors look; a Collector is one. */
export type KnownCollector = CatalogEntry & { secret: Members; configuration: Members };

/** What this installation knows: the collectors in the order of their columns, and the ids of the PSAs. */
export type Known = { collectors: readonly KnownCollector[]; psas: readonly string[] };
