import { describe, expect, test } from 'vitest';
import { ERROR_NAMES } from '../../lambdas/report/errors.ts';
import { customerFailures, vendorFailure } from '../../lambdas/report/failure-in-words.ts';
import type { CustomerFailure } from '../../lambdas/report/report.ts';

const FORBIDDEN =
  'Duo GET /admin/v1/info/summary: these credentials are not allowed to read this (HTTP 403): {"stat":"FAIL","code":40301}';

describe('a vendor that failed', () => {
  test.each([
    ['VendorAuthError', FORBIDDEN, 'Duo refuses these credentials or does not let them read this'],
    ['VendorUnavailableError', 'Duo GET /x: HTTP 502: <html><body>Bad\nGateway', 'Duo did not answer'],
    [
      'VendorAuthError',
      'the client secret has expired: create a new one (AADSTS7000222)',
      'Duo refuses these credentials or does not let them read this: the client secret has expired: create a new one',
    ],
    ['VendorContractError', '{"stat":"FAIL"}', 'Duo gave an unexpected answer, so its numbers are not used'],
  ] as const)('%s is a sentence without call, code and answer', (error, message, words) => {
    expect(vendorFailure('Duo', { error, message })).toBe(words);
  });

  test('has a long cause cut', () => {
    expect(vendorFailure('Duo', { error: 'VendorContractError', message: 'x'.repeat(400) })).toMatch(/: x{140}…$/u);
  });
});

const failure = (id: string, error: CustomerFailure['error'], message: string): CustomerFailure => ({
  customerId: id,
  customerName: `Customer ${id}`,
  error,
  message,
});

describe('customers that failed', () => {
  test('are shown by reason, with their number and the first names', () => {
    const consent = (id: string) => failure(id, 'VendorAuthError', 'no token for the tenant: consent is missing');
    expect(
      customerFailures([...['1', '2', '3', '4', '5'].map(consent), failure('6', 'VendorAuthError', FORBIDDEN)]),
    ).toEqual([
      {
        error: 'VendorAuthError',
        words: '5 customers have not given consent (Customer 1, Customer 2, Customer 3 and 2 more)',
      },
      { error: 'VendorAuthError', words: 'the credentials have no right to 1 customer (Customer 6)' },
    ]);
  });

  test('count once, however many of their columns failed', () => {
    const columns = ['A', 'B'].map((column) => ({ ...failure('1', 'VendorUnavailableError', 'down'), column }));
    expect(customerFailures(columns).map(({ words }) => words)).toEqual(['no answer for 1 customer (Customer 1)']);
  });

  test.each(ERROR_NAMES)('%s is shown in words, never by its name, and without the answer', (error) => {
    const [told, ...others] = customerFailures([failure('1', error, 'X GET /y: odd: {"a":1}')]);
    expect(others).toEqual([]);
    expect(told?.error).toBe(error);
    expect(told?.words).toMatch(/ 1 customer\b.* \(Customer 1\)$|^1 customer .* \(Customer 1\)$/u);
    expect(told?.words).not.toMatch(/Error|\{/u);
  });
});
