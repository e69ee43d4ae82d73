import type { Catalog } from './column.ts';
import { byName, byText } from './order.ts';

/** A company of the MSP, and the ids under which vendors know it. */
export type Organization = {
  id: string;
  name: string;
  enabled: boolean;
  /** Integration id -> the ids of its customers there, each once; an empty list: it is known to have nothing there. */
  integrationIds: Map<string, string[]>;
};

/** The companies of the report: the enabled ones and always the managing organization; by name, then id. */
export function rowsOf(organizations: readonly Organization[], managing: { id: string; name: string }): Organization[] {
  const rows = organizations.filter(({ id, enabled }) => enabled || id === managing.id);
  if (!rows.some(({ id }) => id === managing.id)) {
    rows.push({ id: managing.id, name: managing.name, enabled: true, integrationIds: new Map() });
  }
  return rows.sort((a, b) => byName(a.name, b.name) || byText(a.id, b.id));
}

/** Integrations of the catalog where the company is known to have nothing. */
export const knownEmptyAt = ({ integrationIds }: Organization, catalog: Catalog): string[] =>
  catalog.filter(({ id }) => integrationIds.get(id)?.length === 0).map(({ id }) => id);
