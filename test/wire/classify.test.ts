import { describe, expect, it } from 'vitest';
import { classify, retryAfter } from '../../lambdas/wire/classify.ts';

const NOW = Date.UTC(2026, 10, 22, 6, 30);
const answer = (status: number, headers: Record<string, string> = {}, text = '') => ({
  status,
  headers,
  body: Buffer.from(text),
});

describe('what a status means', () => {
  it.each([
    [200, 'fine'],
    [204, 'fine'],
    [299, 'fine'],
    [199, 'unexpected'],
    [300, 'unexpected'],
    [304, 'unexpected'],
    [400, 'unexpected'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'unexpected'],
    [408, 'unavailable'],
    [425, 'unavailable'],
    [429, 'limited'],
    [451, 'unexpected'],
    [499, 'unexpected'],
    [500, 'unavailable'],
    [599, 'unavailable'],
  ])('%i is %s', (status, verdict) => {
    expect(classify(answer(status), NOW).verdict).toBe(verdict);
  });

  it.each([429, 503])('%i includes the wait that the vendor asks for', (status) => {
    expect(classify(answer(status, { 'retry-after': '7' }), NOW)).toMatchObject({ after: 7 });
    expect(classify(answer(status), NOW)).toMatchObject({ after: undefined });
  });
});

describe('Retry-After', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['12x', undefined],
    ['x12', undefined],
    ['0', 0],
    ['12', 12],
    [' 12 ', 12],
    ['1.25', 1.25],
    ['120', 120],
    ['Sun, 22 Nov 2026 06:31:30 GMT', 90],
    ['Sun, 22 Nov 2026 06:29:00 GMT', 0],
  ])('%j asks for %j seconds', (header, seconds) => {
    expect(retryAfter(header, NOW)).toBe(seconds);
  });
});
