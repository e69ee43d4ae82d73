import { describe, expect, it } from 'vitest';
import { type Finished, readResult, summaryText } from '../../scripts/local/summary.ts';
import { collected, company, customer, reportOf } from '../report/sample.ts';

const FILES = { csv: 'out/r/report.csv', unmapped: 'out/r/unmapped.csv', json: null };

const told = (
  delivery: Record<string, unknown>,
  execution: Finished['execution'] = { status: 'succeeded', output: null },
) => summaryText({ execution, report: undefined, told: readResult({ report: FILES, delivery }), folder: 'out/r' });

describe('an e-mail', () => {
  const delivery = { mechanism: 'email', status: 'delivered', recipients: ['a@b.example'], messageId: 'm' };
  const finished: Finished = {
    execution: { status: 'succeeded', output: null },
    report: undefined,
    told: readResult({ report: FILES, delivery }),
    folder: 's3://bucket/runs/r',
  };

  it('that a service sent from this machine is not called kept', () => {
    const sent = readResult({ report: FILES, delivery: { ...delivery, via: 'smtp' } });
    const text = summaryText({ ...finished, told: sent, keptMail: 'out/r/email.eml' });
    expect(text).toContain('email: delivered, via smtp, to a@b.example');
    expect(text).not.toContain('NOT sent');
  });

  it('that only lies in a file is not called sent', () => {
    expect(summaryText({ ...finished, keptMail: 'out/r/email.eml' })).toContain(
      'e-mail to a@b.example: kept as out/r/email.eml, NOT sent from this machine',
    );
  });

  it('that AWS has sent is called sent', () => {
    expect(summaryText(finished)).toContain('Delivery  email: delivered, to a@b.example\n');
  });
});

it('says where the rows are that are too large for the output', () => {
  const delivery = { mechanism: 'return', status: 'delivered' };
  const text = (data: unknown[] | null) =>
    summaryText({
      execution: { status: 'succeeded', output: null },
      report: undefined,
      told: readResult({ data, report: FILES, delivery }),
      folder: 'out/r',
    });
  expect(text([{}])).toContain("Delivery  the rows are in the execution's output\n");
  expect(text(null)).toContain('they are in the files\n');
});

it('says when a ticket has no files', () => {
  const text = told({
    mechanism: 'psa',
    status: 'delivered',
    ticketId: '7',
    ticketUrl: 'https://desk/7',
    attached: false,
  });
  expect(text).toContain('psa: delivered, ticket 7, files NOT attached, https://desk/7');
});

it('says why a run failed in the words of the error, not of Lambda', () => {
  const cause = JSON.stringify({ errorType: 'DeliveryError', errorMessage: 'no board "Biling"; there are:\nBilling' });
  const text = told(
    { mechanism: 'psa', status: 'not-delivered' },
    { status: 'failed', error: 'DeliveryError', cause, failedIn: [] },
  );
  expect(text).toContain('Not done  DeliveryError: no board "Biling"; there are: Billing');
  expect(text).toContain('Delivery  psa: not-delivered');
});

it('names the files that were made and no others', () => {
  expect(told({ mechanism: 'none', status: 'not-delivered' })).toBe(
    [
      'No report was made.',
      '',
      '  Delivery  none, as asked',
      '  Files     out/r/report.csv',
      '            out/r/unmapped.csv',
      '',
    ].join('\n'),
  );
});

it('has little to say of a run that did not reach its log', () => {
  const execution: Finished['execution'] = {
    status: 'failed',
    error: 'States.DataLimitExceeded',
    cause: 'too large',
    failedIn: [],
  };
  const text = summaryText({ execution, report: undefined, told: readResult(undefined), folder: 'out/r' });
  expect(text).toBe('No report was made.\n\n  Not done  States.DataLimitExceeded: too large\n');
});

describe('a run that was not delivered', () => {
  const failed: Finished['execution'] = { status: 'failed', error: 'DeliveryError', cause: 'no board', failedIn: [] };
  const textOf = (execution: Finished['execution'], outcomes: Parameters<typeof reportOf>[1]) =>
    summaryText({
      execution,
      report: reportOf([company('a', { edition: ['9'] })], outcomes),
      told: readResult({ report: FILES }),
      folder: 'out/r',
    });
  const read = collected('edition', [customer('1', {})]);
  const dead = { integration: 'shop', outcome: 'failed', error: 'VendorAuthError', message: 'no' } as const;

  it('says how to deliver what was counted', () => {
    expect(textOf(failed, [read])).toContain(
      'Again         the same run id, run, delivers this report without collecting',
    );
    expect(textOf({ status: 'succeeded', output: null }, [read])).not.toContain('Again');
    expect(textOf(failed, [dead])).not.toContain('Again');
  });

  it('counts companies with gaps of their own apart from what a failed vendor leaves blank everywhere', () => {
    expect(textOf(failed, [read])).toMatch(/Companies +2, 1 of them with incomplete data\n/u);
    expect(textOf(failed, [read, dead])).toMatch(/Companies +2, 1 of them with incomplete data besides what failed\n/u);
  });
});
