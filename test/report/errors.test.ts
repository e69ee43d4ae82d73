import { describe, expect, test } from 'vitest';
import {
  ERROR_NAMES,
  failureOf,
  isErrorName,
  isReportError,
  messageOf,
  ReportError,
} from '../../lambdas/report/errors.ts';

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

test('an error name is one of the closed list', () => {
  expect(ERROR_NAMES.filter(isErrorName)).toEqual(ERROR_NAMES);
  expect(['TypeError', 'vendorautherror', ''].map(isErrorName)).toEqual([false, false, false]);
});

test('whatever was thrown has a message', () => {
  expect([new TypeError('x is undefined'), 'a text', undefined].map(messageOf)).toEqual([
    ...['x is undefined', 'a text', 'undefined'],
  ]);
});

describe('an error of ours', () => {
  test('fails a whole integration only if it is declared so', () => {
    expect(new ReportError('VendorAuthError', 'refused').wide).toBe(false);
    expect(new ReportError('VendorAuthError', 'refused', { wide: true }).wide).toBe(true);
  });

  test('carries its cause, and none if there was none', () => {
    const cause = new Error('socket closed');
    expect(new ReportError('VendorUnavailableError', 'down', { cause }).cause).toBe(cause);
    expect('cause' in new ReportError('VendorUnavailableError', 'down')).toBe(false);
  });
});
