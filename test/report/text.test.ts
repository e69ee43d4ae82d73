import { expect, test } from 'vitest';
import { beginningOf, capped, listed, onOneLine, shortened } from '../../lambdas/report/text.ts';

test('a text on one line has single blanks and none around it', () => {
  expect(onOneLine(' Con\r\n\ttoso  Ltd ')).toBe('Con toso Ltd');
});

test('the beginning of a text is never half a character', () => {
  expect(beginningOf('ab😀', 3)).toBe('ab');
  expect(beginningOf('ab😀', 4)).toBe('ab😀');
  expect(beginningOf('😀b', 2)).toBe('😀');
});

test('half a character that the vendor wrote is not what was cut: only the end is looked at', () => {
  expect(beginningOf('a\uD83Dbc', 3)).toBe('a\uD83Db');
});

test('a text that is cut ends with a mark, right behind a word', () => {
  expect(shortened('Contoso', 7)).toBe('Contoso');
  expect(shortened('Contoso Ltd', 8)).toBe('Contoso…');
});

test('a long list ends with how many entries it lacks; 50 are shown', () => {
  const entries = (count: number): string[] => Array.from({ length: count }, (_, index) => `e${index}`);
  expect(capped(entries(3), 2)).toEqual(['e0', 'e1', 'and 1 more']);
  expect(capped(entries(2), 2)).toEqual(['e0', 'e1']);
  expect(listed(entries(50))).toBe(entries(50).join(', '));
  expect(listed(entries(52))).toBe([...entries(50), 'and 2 more'].join(', '));
});
