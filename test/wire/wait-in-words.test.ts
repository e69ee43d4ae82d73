import { expect, test } from 'vitest';
import { waitInWords } from '../../lambdas/wire/classify.ts';

const answer = (status: number, text: string, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.from(text),
});

test('a wait is read from the text of a 429 alone, and only where no header says it', () => {
  expect(waitInWords(answer(429, '{"detail":"Try again in 12 seconds."}'), 0)).toEqual({
    verdict: 'limited',
    after: 12,
  });
  expect(waitInWords(answer(429, 'wait 30seconds'), 0)).toEqual({ verdict: 'limited', after: 30 });
  expect(waitInWords(answer(429, 'in 1 second'), 0)).toEqual({ verdict: 'limited', after: 1 });
  expect(waitInWords(answer(429, 'in 12 seconds', { 'retry-after': '3' }), 0)).toBeUndefined();
  expect(waitInWords(answer(429, 'slow down'), 0)).toBeUndefined();
  expect(waitInWords(answer(503, 'in 12 seconds'), 0)).toBeUndefined();
});
