import { describe, expect, test } from 'vitest';
import { failureOf, isReportError, ReportError } from '../../lambdas/report/errors.ts';

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
