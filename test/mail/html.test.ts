import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mailHtml } from '../../lambdas/mail/html.ts';

const SECTIONS = [
  { sentence: 'Northwind MSP: 40 companies.', entries: [] },
  { sentence: '1 integration failed:', entries: ['Duo: give the application access', 'Pax8: renew the secret'] },
];

/** Elements that every mail program draws, none of which loads or runs anything. */
const DRAWN = new Set(['html', 'head', 'meta', 'title', 'style', 'body', 'table', 'tr', 'td', '!DOCTYPE']);

/** The elements in their order; the comments that only Outlook reads count as what they hold. */
const tagsOf = (html: string): string[] =>
  [...html.replaceAll(/<!--\[if mso\]>|<!\[endif\]-->/gu, '').matchAll(/<(\/?[!\w]+)/gu)].map(([, tag = '']) => tag);

describe('the HTML of a mail', () => {
  test('contains everything, in the order of the sections', () => {
    const html = mailHtml('Billing Reconciliation, November 2026', SECTIONS);
    const words = SECTIONS.flatMap(({ sentence, entries }) => [sentence, ...entries]);
    const places = words.map((text) => html.indexOf(text));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('has nested tables, closed in order, a style at each element that shows text, and loads nothing', () => {
    const html = mailHtml('T', SECTIONS);
    const open: string[] = [];
    for (const tag of tagsOf(html)) {
      if (tag.startsWith('/')) expect(open.pop()).toBe(tag.slice(1));
      else if (tag !== 'meta' && tag !== '!DOCTYPE') open.push(tag);
      expect(DRAWN).toContain(tag.replace('/', ''));
    }
    expect(open).toEqual([]);
    // Gmail takes no `class` where it drops the style block, so each cell with words has its own font and colour.
    for (const [cell = ''] of html.matchAll(/<td class="words"[^>]*>/gu))
      expect(cell).toMatch(/font-family:.*color:#/u);
    for (const [table = ''] of html.matchAll(/<table[^>]*>/gu)) expect(table).toContain('role="presentation"');
    expect(html).not.toMatch(/https?:|url\(|src=|@import|javascript|\son\w+=/u);
  });

  test('has a fixed width for Outlook, a narrow one for phones, and colours for dark mode', () => {
    const html = mailHtml('T', SECTIONS);
    expect(html).toMatch(/<!--\[if mso\]><table[^>]* width="640"/u);
    expect(html).toContain('max-width:640px');
    expect(html).toContain('@media (prefers-color-scheme: dark)');
    expect(html).toContain('name="color-scheme" content="light dark"');
  });

  test('is no larger than Gmail shows, however long the lists are, and says where the rest is', () => {
    const entry = '"<&>\'🧾'.repeat(80);
    const sections = Array.from({ length: 8 }, () => ({
      sentence: 'S',
      entries: Array.from({ length: 51 }, () => entry),
    }));
    const html = mailHtml('T', sections);
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(100_000);
    expect(html).toContain('the files have every entry');
  });

  test('treats no text as markup', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.array(fc.string(), { maxLength: 3 }), (title, sentence, entries) => {
        const html = mailHtml(title, [{ sentence, entries }]);
        const same = mailHtml('x', [{ sentence: 'x', entries: entries.map(() => 'x') }]);
        expect(tagsOf(html)).toEqual(tagsOf(same));
      }),
      { numRuns: 60 },
    );
  });
});
