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

  test.each([
    ['VendorAuthError', 'Duo refuses these credentials or does not let them read this'],
    ['VendorRateLimitError', 'Duo limits the number of calls; the run could not wait that long'],
    ['VendorUnavailableError', 'Duo did not answer'],
    ['VendorContractError', 'Duo gave an unexpected answer, so its numbers are not used'],
    ['ConfigurationError', 'the settings for Duo are wrong or incomplete'],
    ['NotManagingOrganizationError', 'this run belongs to another organization'],
    ['DeliveryError', 'Duo did not accept the report'],
  ] as const)('%s alone is enough for a sentence', (error, words) => {
    expect(vendorFailure('Duo', { error, message: '' })).toBe(words);
  });

  test.each([
    'HTTP 500',
    'unexpected answer: a page',
    'no answer within 30 seconds',
    'the credentials were refused',
    'these credentials are not allowed to read this',
    'every customer of this vendor failed',
  ])('is not followed by "%s", which says the same', (message) => {
    expect(vendorFailure('Duo', { error: 'VendorUnavailableError', message })).toBe('Duo did not answer');
  });

  test.each([
    ['Duo POST /a/b: the region is unknown', 'the region is unknown'],
    ['Duo at home PUT /a: the region is unknown', 'the region is unknown'],
    ['the region is unknown: [{"code":1}]', 'the region is unknown'],
    ['the region is unknown [] of none', 'the region is unknown'],
    ['the region is unknown: <!doctype html>\n<p>', 'the region is unknown'],
    ['the region (HTTP 400) is unknown (fields seen: a, b)', 'the region is unknown'],
    ['no region: GET /a: of it', 'no region: GET /a: of it'],
    ['the region gave no answer', 'the region gave no answer'],
    ['the region is < 5 and {x}', 'the region is < 5 and {x}'],
  ])('of which "%s" is known is followed by "%s"', (message, cause) => {
    expect(vendorFailure('Duo', { error: 'VendorUnavailableError', message })).toBe(`Duo did not answer: ${cause}`);
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

  test.each([
    ['VendorAuthError', 'consent is missing', '1 customer has not given consent', '2 customers have not given consent'],
    [
      ...['VendorAuthError', 'not allowed to read this'],
      ...['the credentials have no right to 1 customer', 'the credentials have no right to 2 customers'],
    ],
    [
      ...['VendorAuthError', 'expired'],
      ...['the credentials were refused for 1 customer', 'the credentials were refused for 2 customers'],
    ],
    [
      ...['VendorContractError', 'gone (HTTP 404)'],
      ...['1 customer is listed but cannot be opened', '2 customers are listed but cannot be opened'],
    ],
    [
      ...['VendorContractError', 'seats are not reported'],
      ...['a value is missing for 1 customer', 'a value is missing for 2 customers'],
    ],
    [
      ...['VendorContractError', 'this account does not report seats'],
      ...['a value is missing for 1 customer', 'a value is missing for 2 customers'],
    ],
    [
      ...['VendorContractError', 'the search found nothing'],
      ...['a value is missing for 1 customer', 'a value is missing for 2 customers'],
    ],
    [
      ...['VendorContractError', 'odd (HTTP 405)'],
      ...['the answer for 1 customer is not as documented', 'the answer for 2 customers is not as documented'],
    ],
    [
      ...['VendorRateLimitError', 'slow down'],
      ...['the limit of calls was reached before 1 customer', 'the limit of calls was reached before 2 customers'],
    ],
    ['VendorUnavailableError', 'down', 'no answer for 1 customer', 'no answer for 2 customers'],
    [
      ...['ConfigurationError', 'no region'],
      ...[
        'the settings for 1 customer are wrong or incomplete',
        'the settings for 2 customers are wrong or incomplete',
      ],
    ],
  ])('%s: "%s" is that "%s", or that "%s"', (name, message, forCustomer, forCustomers) => {
    const error = ERROR_NAMES.find((errorName) => errorName === name);
    if (error === undefined) throw new Error(`${name} is not one of ours`);
    const words = (...ids: string[]) => customerFailures(ids.map((id) => failure(id, error, message)));
    expect(words('1')).toEqual([{ error, words: `${forCustomer} (Customer 1)` }]);
    expect(words('1', '2')).toEqual([{ error, words: `${forCustomers} (Customer 1, Customer 2)` }]);
  });

  test('name three of many, and a long name in part', () => {
    const down = (id: string, name: string) => ({
      ...failure(id, 'VendorUnavailableError', 'down'),
      customerName: name,
    });
    const words = (...names: string[]) =>
      customerFailures(names.map((name, index) => down(`${index}`, name)))[0]?.words;
    expect(words('A', 'B', 'C')).toBe('no answer for 3 customers (A, B, C)');
    expect(words('A', 'B', 'C', 'D')).toBe('no answer for 4 customers (A, B, C and 1 more)');
    expect(words(`${'x'.repeat(41)}`)).toBe(`no answer for 1 customer (${'x'.repeat(40)}…)`);
    expect(words('Con\ntoso')).toBe('no answer for 1 customer (Con toso)');
  });

  test.each(ERROR_NAMES)('%s is shown in words, never by its name, and without the answer', (error) => {
    const [failed, ...others] = customerFailures([failure('1', error, 'X GET /y: odd: {"a":1}')]);
    expect(others).toEqual([]);
    expect(failed?.error).toBe(error);
    expect(failed?.words).toMatch(/ 1 customer\b.* \(Customer 1\)$|^1 customer .* \(Customer 1\)$/u);
    expect(failed?.words).not.toMatch(/Error|\{/u);
  });
});
