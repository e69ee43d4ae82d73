import { type Column, foldedTitle } from '../report/column.ts';
import { byText } from '../report/order.ts';

/**
 * Product names come from rows, which spell one product in several ways. Titles that differ in case, blanks or Unicode
 * form alone are one column, under the first of them in text order, and the columns come in that order: the order of
 * rows does not matter.
 */
export function oneSpelling(columns: readonly Column[]): { columns: Column[]; rename: Map<string, string> } {
  const spellings = Map.groupBy(
    [...columns].sort((a, b) => byText(a.title, b.title)),
    ({ title }) => foldedTitle(title),
  );
  const rename = new Map<string, string>();
  const first = [...spellings.values()].flatMap(([column, ...others]) => {
    if (column === undefined) return [];
    for (const { title } of others) rename.set(title, column.title);
    return [column];
  });
  return { columns: first, rename };
}
