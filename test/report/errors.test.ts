import { describe, expect, test } from 'vitest';
import { failureOf, isReportError, plainSentence, ReportError } from '../../lambdas/report/errors.ts';

describe('an error as data', () => {
  test('keeps name and message of ours', () => {
    const error = new ReportError('VendorAuthError', 'refused', { wide: true });
    expect(failureOf(error)).toEqual({ error: 'VendorAuthError', message: 'refused' });
    expect([
      isReportError(error),
      isReportError(error, 'VendorAuthError'),
      isReportError(error, 'DeliveryError'),
    ]).toEqual([true, true, false]);
  });

  test.each([
    [new TypeError('x is undefined'), 'unexpected fault while collecting: TypeError: x is undefined'],
    ['a text', 'unexpected fault while collecting: a text'],
  ])('says of %s that it was not expected', (thrown, message) => {
    expect(failureOf(thrown)).toEqual({ error: 'VendorContractError', message });
  });
});

describe('an error in a sentence for the reader of the report', () => {
  test.each([
    ['VendorAuthError', 'Duo refuses these credentials or does not let them read this'],
    ['VendorRateLimitError', 'Duo limits the number of calls; the run could not wait that long'],
    ['VendorUnavailableError', 'Duo did not answer'],
    ['VendorContractError', 'Duo answered something unexpected, so its numbers are not used'],
    ['ConfigurationError', 'the settings for Duo are wrong or incomplete'],
    ['NotManagingOrganizationError', 'this run belongs to another organization'],
    ['DeliveryError', 'Duo did not take the report'],
  ] as const)('%s: %s', (error, sentence) => {
    expect(plainSentence(error, 'Duo')).toBe(sentence);
  });
});

describe('an error of ours', () => {
  test('condemns a whole integration only where it says so', () => {
    expect(new ReportError('VendorAuthError', 'refused').wide).toBe(false);
    expect(new ReportError('VendorAuthError', 'refused', { wide: true }).wide).toBe(true);
  });

  test('carries its cause, and none where there was none', () => {
    const cause = new Error('socket closed');
    expect(new ReportError('VendorUnavailableError', 'down', { cause }).cause).toBe(cause);
    expect('cause' in new ReportError('VendorUnavailableError', 'down')).toBe(false);
  });
});
