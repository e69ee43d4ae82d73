import type { Column } from '../lambdas/report/column.ts';

/*
 * Columns as the report knows them.
 */

const declare =
  (type: Column['type'], appears: Column['appears']) =>
  (title: string, definition: string): Column => ({ title, type, appears, definition });

export const number = declare('number', 'always');
export const numberWhenUsed = declare('number', 'when-used');
export const text = declare('text', 'always');
export const textWhenUsed = declare('text', 'when-used');
