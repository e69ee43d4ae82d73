import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitted } from '../../../lambdas/psa/delivery/fit.ts';

test('a text that fits stays as it is', () => {
  expect(fitted('one\ntwo', 7)).toBe('one\ntwo');
});

test('a longer text loses lines from its middle, with a note', () => {
  const lines = Array.from({ length: 100 }, (_, row) => `line ${row}`);
  const short = fitted(lines.join('\n'), 300).split('\n');
  expect(short[0]).toBe('line 0');
  expect(short.at(-1)).toBe('line 99');
  expect(short.filter((line) => !lines.includes(line))).toEqual([
    '[…] shortened here: the files of the run have the full text',
  ]);
});

test('no text is longer than allowed, and every part that is left is a part of the text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 80 }), { maxLength: 60 }),
      fc.integer({ min: 100, max: 900 }),
      (lines, longest) => {
        const text = lines.join('\n');
        const short = fitted(text, longest);
        expect(short.length).toBeLessThanOrEqual(longest);
        for (const part of short.split('[…] shortened here: the files of the run have the full text')) {
          expect(text).toContain(part.trim());
        }
      },
    ),
  );
});
