import { expect, test } from 'vitest';
import { failureInWords } from '../../lambdas/report/failure-in-words.ts';

test('a failure is its kind and its cause, without the call and the answer', () => {
  const message =
    'Duo GET /admin/v1/info/summary: the credentials lack the right to this (HTTP 403): {"stat":"FAIL","code":40301}';
  expect(failureInWords({ error: 'VendorAuthError', message })).toBe(
    'the credentials were refused or lack a right (VendorAuthError): the credentials lack the right to this (HTTP 403)',
  );
  expect(
    failureInWords({ error: 'VendorUnavailableError', message: 'Cork GET /x: HTTP 502: <html><body>Bad\nGateway' }),
  ).toBe('the vendor could not be reached (VendorUnavailableError): HTTP 502');
});

test('a long cause is cut, and one that is only an answer is left out', () => {
  expect(failureInWords({ error: 'VendorContractError', message: 'x'.repeat(400) })).toMatch(/: x{200}…$/u);
  expect(failureInWords({ error: 'VendorContractError', message: '{"stat":"FAIL"}' })).toBe(
    'the answer was not what the API documents (VendorContractError)',
  );
});
