import { describe, expect, test } from 'vitest';
import { dataQuality } from '../../lambdas/report/data-quality.ts';

const notes = (count: number, subject = 'Huntress') =>
  Array.from({ length: count }, (_, index) => ({
    subject,
    note: `customer ${1000 + index} left out: it is suspended`,
  }));

describe('Data Quality', () => {
  test('shows gaps first, then remarks', () => {
    expect(dataQuality([{ subject: 'Duo', state: 'unmapped' }], notes(1))).toBe(
      'Duo: unmapped; Huntress: note (customer 1000 left out: it is suspended)',
    );
    expect(dataQuality([], [])).toBe('complete');
    expect(dataQuality([{ subject: 'Duo', state: 'excluded', detail: '' }], [])).toBe('Duo: excluded');
  });

  test('puts what somebody has to act on before what is usual, each in the order of the columns', () => {
    const gap = (subject: string, state: 'failed' | 'ambiguous' | 'not-found' | 'excluded' | 'unmapped') => ({
      subject,
      state,
    });
    const gaps = [
      gap('Cork', 'unmapped'),
      gap('Auvik', 'excluded'),
      gap('Duo', 'failed'),
      gap('IT Glue', 'unmapped'),
      gap('Pax8', 'not-found'),
      gap('Huntress', 'ambiguous'),
      gap('ImmyBot', 'failed'),
    ];
    expect(dataQuality(gaps, [])).toBe(
      'Duo: failed; ImmyBot: failed; Huntress: ambiguous; Pax8: not-found; Auvik: excluded; Cork: unmapped; IT Glue: unmapped',
    );
  });

  test('fits into a spreadsheet’s cell however many remarks there are, and says how many are elsewhere', () => {
    const text = dataQuality([], [...notes(900), ...notes(300, 'IT Glue')]);
    const shown = text.match(/left out/gu)?.length ?? 0;
    expect(text.length).toBeLessThan(4500);
    expect(shown).toBeGreaterThan(50);
    expect(
      text.endsWith(`; Huntress: ${900 - shown} more notes (in report.json); IT Glue: 300 more notes (in report.json)`),
    ).toBe(true);
  });

  test('has room for 4,000 characters of remarks, and not for one more', () => {
    const remark = 'S: note ()'.length;
    const filling = Array.from({ length: 16 }, () => ({ subject: 'S', note: 'x'.repeat(250 - remark) }));
    expect(dataQuality([], filling)).not.toContain('more');
    const over = [{ subject: 'S', note: 'x'.repeat(251 - remark) }, ...filling.slice(1)];
    expect(dataQuality([], over)).toMatch(/; S: 1 more note \(in report\.json\)$/u);
  });

  test('leaves out no gap, however many remarks there are', () => {
    const gaps = Array.from({ length: 40 }, (_, index) => ({
      subject: `Product ${index}`,
      state: 'unmapped' as const,
    }));
    expect(dataQuality(gaps, notes(900)).match(/Product \d+: unmapped/gu)).toHaveLength(40);
  });

  test('cuts a reason that goes on and on, never through a character', () => {
    const detail = (text: string) => dataQuality([{ subject: 'Duo', state: 'excluded', detail: text }], []);
    expect(detail('x'.repeat(300))).toBe(`Duo: excluded (${'x'.repeat(300)})`);
    expect(detail('x'.repeat(301))).toBe(`Duo: excluded (${'x'.repeat(300)}…)`);
    expect(detail(`${'x'.repeat(299)}😀`)).toBe(`Duo: excluded (${'x'.repeat(299)}…)`);
    expect(detail(`😀${'x'.repeat(299)}`)).toBe(`Duo: excluded (😀${'x'.repeat(298)}…)`);
  });

  test('is one line', () => {
    expect(dataQuality([{ subject: ' A\nB', state: 'excluded', detail: ' a\r\n b ' }], [])).toBe('A B: excluded (a b)');
  });
});
