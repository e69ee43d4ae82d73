import { expect, test } from 'vitest';
import { waitInWords } from '../../lambdas/wire/classify.ts';

const answer = (status: number, text: string, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.from(text),
});

test('a wait is read from the text of a 429 alone, and only if no header says it', () => {
  expect(waitInWords(answer(429, '{"detail":"Try again in 12 seconds."}'), 0)).toEqual({
    verdict: 'limited',
    after: 12,
  });
  expect(waitInWords(answer(429, 'wait 30seconds'), 0)).toEqual({ verdict: 'limited', after: 30 });
  expect(waitInWords(answer(429, 'in 1 second'), 0)).toEqual({ verdict: 'limited', after: 1 });
  expect(waitInWords(answer(429, 'in 12 seconds', { 'retry-after': '3' }), 0)).toBeUndefined();
  expect(waitInWords(answer(429, 'slow down'), 0)).toBeUndefined();
  expect(waitInWords(answer(429, `${'-'.repeat(2000)} in 12 seconds`), 0)).toBeUndefined();
  expect(waitInWords(answer(503, 'in 12 seconds'), 0)).toBeUndefined();
});

test('a long answer does not hold up the run, whatever it consists of', () => {
  const startedAt = process.cpuUsage();
  for (const text of ['1'.repeat(1_000_000), `1${' '.repeat(1_000_000)}`])
    expect(waitInWords(answer(429, text), 0)).toBeUndefined();
  expect(process.cpuUsage(startedAt).user / 1000).toBeLessThan(500);
});
