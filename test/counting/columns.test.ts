import { expect, test } from 'vitest';
import { number, numberWhenUsed, text, textWhenUsed } from '../../lambdas/counting/columns.ts';

test.each([
  [number, 'number', 'always'],
  [numberWhenUsed, 'number', 'when-used'],
  [text, 'text', 'always'],
  [textWhenUsed, 'text', 'when-used'],
])('a column says what it holds and when it appears: %o', (declare, type, appears) => {
  expect(declare('Acme Users', 'users')).toEqual({
    title: 'Acme Users',
    type,
    appears,
    definition: 'users',
    classes: [],
  });
});
