import type { CatalogEntry } from '../report/column.ts';

/** An integration with its fixed columns, and the prefix of columns named by its data. */
export type CountingIntegration = Pick<CatalogEntry, 'id' | 'name' | 'columns' | 'products'>;

/** How many titles an error suggests. */
const SUGGESTED = 3;

/** The integration that can have a column of this title; undefined when none can. */
export function ownerOf(title: string, catalog: readonly CountingIntegration[]): CountingIntegration | undefined {
  return (
    catalog.find(({ columns }) => columns.some((column) => column.title === title)) ??
    catalog.find(({ products }) => products !== undefined && hasPrefix(title, products.prefix))
  );
}

/** Why a title cannot be counted by; undefined if it can. */
export function titleFault(title: string, catalog: readonly CountingIntegration[]): string | undefined {
  const owner = ownerOf(title, catalog);
  if (owner === undefined) {
    return `no integration can have the column "${title}"; the nearest titles are ${nearest(title, catalog).join(', ')}`;
  }
  const text = owner.columns.some((column) => column.title === title && column.type === 'text');
  return text ? `"${title}" is a text column; expected a number column` : undefined;
}

const hasPrefix = (title: string, prefix: string): boolean =>
  title.startsWith(`${prefix} `) && title.length > prefix.length + 1;

function nearest(title: string, catalog: readonly CountingIntegration[]): string[] {
  const wanted = title.toLowerCase();
  const fixed = catalog.flatMap(({ columns }) =>
    columns
      .filter(({ type }) => type === 'number')
      .map((column) => ({ shown: `"${column.title}"`, unlike: unlikeness(wanted, column.title.toLowerCase()) })),
  );
  const products = catalog.flatMap(({ products }) => {
    if (products === undefined) return [];
    const { prefix } = products;
    return [
      { shown: `"${prefix} <product>"`, unlike: unlikeness(wanted.slice(0, prefix.length), prefix.toLowerCase()) },
    ];
  });
  return [...fixed, ...products]
    .sort((a, b) => a.unlike - b.unlike)
    .slice(0, SUGGESTED)
    .map(({ shown }) => shown);
}

/** 0 for equal texts, 1 for texts without a common letter. */
const unlikeness = (a: string, b: string): number => distance(a, b) / Math.max(a.length, b.length);

/** How many letters must be added, removed or replaced (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
