import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { briefly, htmlText, MOST_LINES, plainText, withRemark } from '../../lambdas/report/brief.ts';

const lines = (text: string): string[] => text.trimEnd().split('\n');
const entries = (count: number, word = 'entry'): string[] =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);

describe('a brief', () => {
  test('has at most twenty-five lines, blank ones included, whatever it is made of', () => {
    const section = fc.record({
      sentence: fc.string(),
      entries: fc.array(fc.string(), { maxLength: 40 }),
      least: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.string(), fc.array(section, { maxLength: 7 }), (title, sections) => {
        expect(lines(plainText(briefly(title, sections))).length).toBeLessThanOrEqual(MOST_LINES);
      }),
      { numRuns: 200 },
    );
  });

  test('shows everything if there is room', () => {
    const { sections } = briefly('T', [
      { sentence: 'First:', entries: entries(3) },
      { sentence: 'Last.', entries: [] },
    ]);
    expect(sections).toEqual([
      { sentence: 'First:', entries: entries(3) },
      { sentence: 'Last.', entries: [] },
    ]);
  });

  test('cuts the later lists first, never below what each needs, and says how many entries are missing', () => {
    const { sections } = briefly('T', [
      { sentence: 'To do:', entries: entries(30, 'action'), least: 5 },
      { sentence: 'Vendors:', entries: entries(19, 'vendor'), least: 3 },
    ]);
    expect(sections.map((each) => each.entries.length)).toEqual([17, 3]);
    expect(sections[0]?.entries.at(-1)).toBe('and 14 more');
    expect(sections[1]?.entries).toEqual(['vendor 1', 'vendor 2', 'and 17 more']);
  });

  test('cuts a text that a vendor made long, never through a character, and keeps each on one line', () => {
    const [section] = briefly('T', [
      { sentence: 'a\r\n b', entries: [`${'x'.repeat(199)}😀 and a page`, ' Ghost\n Co '] },
    ]).sections;
    expect(section).toEqual({ sentence: 'a b', entries: [`${'x'.repeat(199)}…`, 'Ghost Co'] });
  });

  test('takes no room from a list for one that needs no more', () => {
    const { sections } = briefly('T', [
      { sentence: 'To do:', entries: entries(3), least: 3 },
      { sentence: 'Vendors:', entries: entries(17) },
    ]);
    expect(sections.map((each) => each.entries)).toEqual([entries(3), entries(17)]);
  });

  test('can say one thing more without a further line', () => {
    const brief = briefly('T', [
      { sentence: 'One.', entries: [] },
      { sentence: 'Two.', entries: [] },
    ]);
    expect(plainText(withRemark(brief, 'Three.'))).toBe('T\n\nOne.\n\nTwo. Three.\n');
  });
});

describe('a brief in a ticket', () => {
  const brief = briefly('Billing <b>', [
    { sentence: 'To do:', entries: ['Alpha & "Sons"', "it's"] },
    { sentence: 'That is all.', entries: [] },
  ]);

  test('is plain text with a dash before each entry', () => {
    expect(plainText(brief)).toBe('Billing <b>\n\nTo do:\n- Alpha & "Sons"\n- it\'s\n\nThat is all.\n');
  });

  test('is HTML with every text escaped', () => {
    expect(htmlText(brief)).toBe(
      '<h2>Billing &lt;b&gt;</h2>\n<p>To do:</p><ul><li>Alpha &amp; &quot;Sons&quot;</li><li>it&#39;s</li></ul>\n<p>That is all.</p>',
    );
  });
});
