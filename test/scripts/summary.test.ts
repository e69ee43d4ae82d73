import { WriteStream } from 'node:tty';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { briefOf } from '../../lambdas/views/brief.ts';
import { type Finished, paperOn, readResult, summaryText } from '../../scripts/local/summary.ts';
import { plain, vendorTable } from '../../scripts/local/vendor-table.ts';
import { readableWidth, wrapped } from '../../scripts/local/wrapped.ts';
import { collected, company, customer, reportOf } from '../report/sample.ts';

const FAILED = { state: 'failed', error: 'VendorUnavailableError', reason: 'down' } as const;

const FILES = { csv: 'out/r/report.csv', unmapped: 'out/r/unmapped.csv', json: null };

const summaryOf = (
  delivery: Record<string, unknown>,
  execution: Finished['execution'] = { status: 'succeeded', output: null },
) => summaryText({ execution, shown: readResult({ report: FILES, delivery }), folder: 'out/r' });

describe('an e-mail', () => {
  const delivery = { mechanism: 'email', status: 'delivered', recipients: ['a@b.example'], messageId: 'm' };
  const finished: Finished = {
    execution: { status: 'succeeded', output: null },
    shown: readResult({ report: FILES, delivery }),
    folder: 's3://bucket/runs/r',
  };

  it('that a service sent from this machine is not reported as kept', () => {
    const sent = readResult({ report: FILES, delivery: { ...delivery, via: 'smtp' } });
    const text = summaryText({ ...finished, shown: sent, keptMail: 'out/r/email.eml' });
    expect(text).toContain('Delivery  e-mail to a@b.example: sent by smtp\n');
    expect(text).not.toContain('NOT sent');
  });

  it('that is only in a file is not reported as sent', () => {
    expect(summaryText({ ...finished, keptMail: 'out/r/email.eml' })).toContain(
      'e-mail to a@b.example: kept as out/r/email.eml, NOT sent from this machine',
    );
  });

  it('that AWS has sent is reported as sent', () => {
    expect(summaryText(finished)).toContain('Delivery  e-mail to a@b.example: sent\n');
  });
});

it('shows where rows are that are too large for the output', () => {
  const delivery = { mechanism: 'return', status: 'delivered' };
  const text = (data: unknown[] | null) =>
    summaryText({
      execution: { status: 'succeeded', output: null },
      shown: readResult({ data, report: FILES, delivery }),
      folder: 'out/r',
    });
  expect(text([{}])).toContain("Delivery  the rows are in the execution's output\n");
  expect(text(null)).toContain('they are in the files\n');
});

it('reports a ticket without files', () => {
  const text = summaryOf({
    mechanism: 'psa',
    status: 'delivered',
    ticketId: '7',
    ticketUrl: 'https://desk/7',
    attached: false,
  });
  expect(text).toContain('Delivery  ticket 7, files NOT attached\n          https://desk/7\n');
});

it('gives the reason of a failed run in the words of the error, not of Lambda', () => {
  const cause = JSON.stringify({ errorType: 'DeliveryError', errorMessage: 'no board "Biling"; there are:\nBilling' });
  const text = summaryOf(
    { mechanism: 'psa', status: 'not-delivered' },
    { status: 'failed', error: 'DeliveryError', cause, failedIn: [] },
  );
  expect(text).toContain('Failed    no board "Biling"; there are: Billing');
  expect(text).toContain('Delivery  NOT done (psa)');
});

it('shows where the files are', () => {
  expect(summaryOf({ mechanism: 'none', status: 'not-delivered' })).toBe(
    'No report was made.\n\nDelivery  none, as asked\nFiles     out/r\n',
  );
});

it('is short for a run that did not reach its log', () => {
  const execution: Finished['execution'] = {
    status: 'failed',
    error: 'States.DataLimitExceeded',
    cause: 'too large',
    failedIn: [],
  };
  const text = summaryText({ execution, shown: readResult(undefined), folder: 'out/r' });
  expect(text).toBe('No report was made.\n\nFailed  States.DataLimitExceeded: too large\n');
});

const read = collected('edition', [
  customer('1', { 'Edition Plan': 'Pro' }),
  customer('2', {}),
  customer('3', {}, FAILED),
]);
const dead = { integration: 'shop', outcome: 'failed', error: 'VendorAuthError', message: 'no' } as const;

const madeOf = (outcomes: Parameters<typeof reportOf>[1]) => {
  const companies = [
    company('a', { edition: ['9'] }),
    company('b', { edition: ['1'], shop: ['1'] }),
    company('c', { edition: [] }),
    company('d', { edition: ['3'] }),
  ];
  const report = reportOf(companies, outcomes);
  return { report, brief: briefOf({ report }) };
};

describe('a run that was not delivered', () => {
  const failed: Finished['execution'] = { status: 'failed', error: 'DeliveryError', cause: 'no board', failedIn: [] };
  const textOf = (execution: Finished['execution'], outcomes: Parameters<typeof reportOf>[1]) =>
    summaryText({ execution, made: madeOf(outcomes), shown: readResult({ report: FILES }), folder: 'out/r' });

  it('shows how to deliver what was counted', () => {
    expect(textOf(failed, [read])).toContain(
      'Again   the same run id, run, delivers this report without collecting again\n',
    );
    expect(textOf({ status: 'succeeded', output: null }, [read])).not.toContain('Again');
    expect(textOf(failed, [dead])).not.toContain('Again');
  });
});

describe('the table of vendors', () => {
  const { report } = madeOf([read, dead]);

  it('has the customers, the companies that were counted, those that lack a number, and the time', () => {
    const times = new Map([
      ['edition', 4_120],
      ['shop', 125_000],
    ]);
    expect(vendorTable(report, times, plain)).toEqual([
      '  Vendor   Customers  Counted  Blank       Time',
      '! Edition          3        1      2      4.1 s',
      '✗ Shop             -        0      1  2 min 5 s',
    ]);
  });

  it('has no time if none was measured', () => {
    expect(vendorTable(report, new Map(), plain)[1]).toBe('! Edition          3        1      2');
  });

  it('is coloured by how it went, and its columns stay in line', () => {
    const painted = vendorTable(report, new Map(), (colour, text) => `<${colour}>${text}</${colour}>`);
    expect(painted[2]).toBe('<red>✗ </red><red>Shop             -        0      1</red>');
    expect(painted.map((line) => line.replaceAll(/<[^>]+>/gu, ''))).toEqual(vendorTable(report, new Map(), plain));
  });
});

describe('what is written on a terminal', () => {
  const stream = (isTTY: boolean, env: Record<string, string> = {}) => {
    vi.stubEnv('NO_COLOR', env.NO_COLOR);
    for (const name of ['FORCE_COLOR', 'CI', 'TMUX', 'COLORTERM']) vi.stubEnv(name, undefined);
    vi.stubEnv('NODE_DISABLE_COLORS', undefined);
    vi.stubEnv('TERM', 'xterm-256color');
    return Object.assign(new WriteStream(1), { isTTY, columns: 60 });
  };
  afterEach(() => vi.unstubAllEnvs());

  it('has colours, and none in a pipe or with NO_COLOR', () => {
    expect(paperOn(stream(true)).paint('red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(paperOn(stream(false)).paint('red', 'x')).toBe('x');
    expect(paperOn(stream(true, { NO_COLOR: '1' })).paint('red', 'x')).toBe('x');
  });

  it('is as wide as the terminal, within readable limits', () => {
    const made = madeOf([read, dead]);
    const shown = readResult({ report: FILES });
    const execution = { status: 'succeeded', output: null } as const;
    const text = summaryText({ execution, made, shown, folder: `out/${'x'.repeat(80)}` }, { width: 60, paint: plain });
    const long = text.split('\n').filter((line) => line.length > 60);
    expect(long).toEqual([`Files  out/${'x'.repeat(80)}`]);
    expect([undefined, 20, 80, 500].map(readableWidth)).toEqual([100, 40, 80, 120]);
  });
});

describe('a text that is wrapped', () => {
  it('breaks between words and indents what follows', () => {
    expect(wrapped('one two three four', 12, '  - ')).toEqual(['  - one two', '    three', '    four']);
    expect(wrapped('', 12, 'x ')).toEqual(['x']);
  });

  it('loses no word, and no line is too long except one of a longer word', () => {
    const words = fc.array(fc.stringMatching(/^[!-~]{1,30}$/u), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 40 }), (text, width) => {
        const lines = wrapped(text.join(' '), width, '  ');
        expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(text);
        for (const line of lines) expect(line.length <= width || !line.trim().includes(' ')).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
