import type { CatalogEntry } from './catalog.ts';
import type { Collection } from './collection.ts';
import type { Column } from './column.ts';
import { byName } from './order.ts';

/** Every column that could appear: the fixed ones as declared, then what the data brought along, by title. */
export function candidateColumns(entry: CatalogEntry, { columns, customers }: Collection): Column[] {
  const known = new Map(entry.columns.map((column) => [column.title, column]));
  const brought = new Map<string, Column>();
  for (const column of columns) if (!known.has(column.title)) brought.set(column.title, column);
  // A collector that counts under a title it never declared is at fault, but its number (or why there is none) must not be lost.
  const bring = (title: string, type: Column['type']) => {
    if (known.has(title) || brought.has(title)) return;
    brought.set(title, { title, type, appears: 'product', definition: `as ${entry.name} names it` });
  };
  for (const { counts } of customers) {
    for (const [title, value] of Object.entries(counts)) bring(title, typeof value === 'number' ? 'number' : 'text');
  }
  for (const { gaps } of customers) for (const title of Object.keys(gaps)) bring(title, 'number');
  return [...known.values(), ...[...brought.values()].sort((a, b) => byName(a.title, b.title))];
}
