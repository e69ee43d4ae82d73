import { describe, expect, test } from 'vitest';
import { monthOf, summarize } from '../../lambdas/report/summary.ts';
import { htmlSummary, plainSummary } from '../../lambdas/report/summary-text.ts';
import { collected, company, customer, reportOf } from './sample.ts';

const report = () =>
  reportOf(
    [
      company('a', { agents: ['1'], edition: ['1'] }, { name: 'Alpha <b> & Sons' }),
      company('b', { agents: ['2'], edition: ['9'] }),
      company('c', { edition: ['2'] }),
      company('d', { edition: ['2'] }),
    ],
    [
      { integration: 'agents', outcome: 'failed', error: 'VendorAuthError', message: 'the key was refused' },
      collected('edition', [
        customer('1', {}, { state: 'failed', error: 'VendorUnavailableError', reason: 'down' }),
        customer('2', {}),
        customer('3', { 'Edition Users': 4, 'Edition Plan': 'Pro' }, { name: 'Ghost\nCo' }),
      ]),
      collected('shop', [customer('1', { 'SHOP A': 0 })]),
    ],
  );
/** A run in which one of everything that the summary tells has happened. */
const summary = () => summarize(report());

describe('the summary', () => {
  test('says month and moment in the time zone of the report', () => {
    const sydney = summarize({ ...report(), asOf: '2026-11-30T13:30:00Z', timeZone: 'Australia/Sydney' });
    expect([sydney.month, sydney.asOf]).toEqual(['December 2026', '2026-12-01 00:30 Australia/Sydney']);
    const { timeZone: _, ...old } = report();
    expect(summarize(old).asOf).toBe('2026-11-22 06:30 UTC');
  });

  test('says the month by UTC', () => {
    expect(summary().month).toBe('November 2026');
    expect(monthOf('2026-12-31T23:59:59Z', 'UTC')).toBe('December 2026');
    expect(monthOf('2027-01-01T00:00:00Z', 'UTC')).toBe('January 2027');
  });

  test('tells integrations apart, with reasons', () => {
    expect(summary().integrations.collected).toEqual(['Shop']);
    expect(summary().integrations.partial).toMatchObject([{ name: 'Edition' }]);
    expect(summary().integrations.failed).toEqual([
      { name: 'Agents', reason: 'the credentials were refused or lack a right (VendorAuthError): the key was refused' },
    ]);
  });

  test('names unmapped and ambiguous customers', () => {
    expect(summary().unmapped).toEqual([
      { integration: 'Edition', customer: 'Ghost\nCo', id: '3', counts: 'Edition Users 4, Edition Plan Pro' },
      { integration: 'Shop', customer: 'Customer 1', id: '1', counts: 'nothing counted' },
    ]);
    expect(summary().ambiguous).toEqual([
      { integration: 'Edition', customer: 'Customer 2', id: '2', companies: ['C', 'D'] },
    ]);
  });

  test('names companies whose numbers are missing, not those that merely have no id somewhere', () => {
    expect(summary().incomplete).toEqual([
      { company: 'Alpha <b> & Sons', gaps: 'Edition: failed (VendorUnavailableError)' },
      { company: 'B', gaps: 'Edition: not-found' },
      { company: 'C', gaps: 'Edition: ambiguous' },
      { company: 'D', gaps: 'Edition: ambiguous' },
    ]);
    expect(summary().withoutId).toEqual([
      { integration: 'Agents', companies: 3 },
      { integration: 'Edition', companies: 1 },
      { integration: 'Shop', companies: 5 },
    ]);
  });

  test('reads as plain words', () => {
    const text = plainSummary(summary(), { files: ['s3://bucket/runs/run/report.csv'] });
    expect(text).toContain('Billing Reconciliation, November 2026');
    expect(text).toContain(
      'MSP: 5 companies, 1 of 3 integrations collected in full (Shop). As of 2026-11-22 06:30 UTC, run run.',
    );
    expect(text).toContain(
      'under a new run id:\n- Agents: the credentials were refused or lack a right (VendorAuthError): the key was',
    );
    expect(text).toContain('- Edition: Ghost Co (3): Edition Users 4, Edition Plan Pro');
    expect(text).toContain('Files:\n- s3://bucket/runs/run/report.csv');
  });

  test('is escaped in HTML', () => {
    const html = htmlSummary(summary());
    expect(html).toContain('Alpha &lt;b&gt; &amp; Sons');
    expect(html).not.toContain('<b>');
    expect(html).not.toContain('Files');
  });

  test('caps long lists', () => {
    const many = Array.from({ length: 70 }, (_, index) => customer(String(index), {}));
    const text = plainSummary(summarize(reportOf([], [collected('shop', many)])));
    expect(text).toContain('70 vendor customers are not mapped to a company');
    expect(text).toContain('- and 65 more');
    expect(text.match(/^- Shop: Customer/gmu)).toHaveLength(5);
  });
});

describe('the whole of it', () => {
  const files = ['out/run/report.csv', 'out/run/unmapped.csv'];

  test('as plain words: a sentence and its list, a blank line between', () => {
    expect(plainSummary(summary(), { files })).toBe(
      [
        'Billing Reconciliation, November 2026',
        '',
        'MSP: 5 companies, 1 of 3 integrations collected in full (Shop). As of 2026-11-22 06:30 UTC, run run.',
        '',
        '1 integration failed; its cells are blank. Ask whoever manages the keys to fix this, then run the report again under a new run id:',
        '- Agents: the credentials were refused or lack a right (VendorAuthError): the key was refused',
        '',
        '1 integration partly collected; the cells that could not be read are blank. Ask whoever manages the keys to fix this and run the report again, or count those customers by hand:',
        '- Edition: 1 of 3 customers could not be read completely, for example Customer 1: the vendor could not be reached (VendorUnavailableError): down',
        '',
        '1 vendor customer is mapped ambiguously and counted for none. Correct the ids in organizations.json:',
        '- Edition: Customer 2 (2), mapped to C and D: keep its id with one of them',
        '',
        '4 companies with incomplete data besides what failed. Check their blank cells before you invoice:',
        '- Alpha <b> & Sons: Edition: failed (VendorUnavailableError)',
        '- B: Edition: not-found',
        '- C: Edition: ambiguous',
        '- D: Edition: ambiguous',
        '',
        '2 vendor customers are not mapped to a company and are in unmapped.csv only. To invoice one, add its id to its company in organizations.json:',
        '- Edition: Ghost Co (3): Edition Users 4, Edition Plan Pro',
        '- Shop: Customer 1 (1): nothing counted',
        '',
        'Companies with no id for a vendor; those cells are blank. If they do not use it, there is nothing to do:',
        '- Agents 3, Edition 1, Shop 5',
        '',
        'Files:',
        '- out/run/report.csv',
        '- out/run/unmapped.csv',
        '',
      ].join('\n'),
    );
  });

  test('as HTML: a heading, paragraphs and lists', () => {
    const html = htmlSummary(summary(), { files: ['a "b"', "it's"] });
    const [heading, first, second] = html.split('\n');
    expect(heading).toBe('<h2>Billing Reconciliation, November 2026</h2>');
    expect(first).toBe(
      '<p>MSP: 5 companies, 1 of 3 integrations collected in full (Shop). As of 2026-11-22 06:30 UTC, run run.</p>',
    );
    expect(second).toBe(
      '<p>1 integration failed; its cells are blank. Ask whoever manages the keys to fix this, then run the report again under ' +
        'a new run id:</p><ul><li>Agents: the credentials were refused or lack a right (VendorAuthError): the key was refused</li></ul>',
    );
    expect(html.endsWith('<p>Files:</p><ul><li>a &quot;b&quot;</li><li>it&#39;s</li></ul>')).toBe(true);
    expect(html).toContain('<li>C: Edition: ambiguous</li><li>D: Edition: ambiguous</li>');
  });

  test('of a run without anything to tell is one sentence', () => {
    const nothing = plainSummary(summarize(reportOf([], [])));
    expect(nothing).toBe(
      'Billing Reconciliation, November 2026\n\nMSP: 1 company, 0 of 0 integrations collected in full. As of 2026-11-22 06:30 UTC, run run.\n',
    );
    const oneFailed = plainSummary(
      summarize(reportOf([], [{ integration: 'shop', outcome: 'failed', error: 'VendorAuthError', message: 'no' }])),
    );
    expect(oneFailed).toContain(
      'MSP: 1 company, 0 of 1 integration collected in full. As of 2026-11-22 06:30 UTC, run run.',
    );
  });

  test('counts one company as one', () => {
    const one = reportOf([company('a', { edition: ['9'] })], [collected('edition', [customer('1', {})])]);
    expect(plainSummary(summarize(one))).toContain(
      '\n1 company with incomplete data. Check their blank cells before you invoice:\n- A: Edition: not-found\n',
    );
  });

  test('names five entries, and no more where there are no more', () => {
    const text = (count: number) => {
      const many = Array.from({ length: count }, (_, index) => customer(String(index), {}));
      return plainSummary(summarize(reportOf([], [collected('shop', many)])));
    };
    expect(text(5)).not.toContain('more');
    expect(text(6)).toContain('\n- and 1 more\n');
  });

  test('cuts an entry that a vendor made long, never through a character', () => {
    const entry = (xs: number): string | undefined => {
      const report = reportOf([], [collected('shop', [customer('1', {}, { name: `${'x'.repeat(xs)}😀 and a page` })])]);
      return plainSummary(summarize(report))
        .split('\n')
        .find((line) => line.startsWith('- Shop: '));
    };
    const before = 500 - 'Shop: '.length;
    expect(entry(before - 2)).toBe(`- Shop: ${'x'.repeat(before - 2)}😀…`);
    expect(entry(before - 1)).toBe(`- Shop: ${'x'.repeat(before - 1)}…`);
    expect(entry(before - 60)).toMatch(/ and a page \(1\): nothing counted$/u);
  });

  test('has each entry on one line', () => {
    const report = reportOf([], [collected('shop', [customer('1', {}, { name: ' Ghost\r\n\t Co ' })])]);
    expect(plainSummary(summarize(report), { files: ['  a  file '] })).toContain(
      '\n- Shop: Ghost Co (1): nothing counted\n',
    );
    expect(plainSummary(summarize(report), { files: ['  a  file '] })).toContain('\n- a file\n');
  });
});

describe('what is said of a customer mapped to no company', () => {
  const counts = (more: Parameters<typeof customer>[2], own: Parameters<typeof customer>[1] = {}) =>
    summarize(reportOf([], [collected('agents', [customer('1', own, more)])])).unmapped[0]?.counts;

  test('is what it has, without the zeros, and what could not be read', () => {
    const gaps = {
      'Agents Servers': { state: 'failed' as const, reason: 'gone' },
      'Agents Workstations': { state: 'excluded' as const, reason: 'not licensed' },
    };
    expect(counts({}, { 'Agents Workstations': 4, 'Agents Servers': 0 })).toBe('Agents Workstations 4');
    expect(counts({ gaps }, { 'Agents Printers': 2 })).toBe('Agents Printers 2, Agents Servers failed');
  });

  test('is its state where it was not counted, and why', () => {
    expect(counts({ state: 'failed', error: 'VendorAuthError', reason: 'no consent' })).toBe(
      'failed (VendorAuthError)',
    );
    expect(counts({ state: 'excluded', reason: 'inactive' })).toBe('excluded (inactive)');
  });
});

test('a company’s gaps are told in one line, and a complete company not at all', () => {
  const gaps = {
    'Agents Servers': { state: 'failed' as const, reason: 'gone' },
    'Agents Workstations': { state: 'failed' as const, reason: 'gone' },
  };
  const msp = company('msp', { agents: ['2'] });
  const report = reportOf(
    [company('a', { agents: ['1'] }), msp],
    [collected('agents', [customer('1', {}, { gaps }), customer('2', {})])],
  );
  expect(summarize(report).incomplete).toEqual([
    {
      company: 'A',
      gaps: 'Agents Workstations: failed (VendorContractError); Agents Servers: failed (VendorContractError)',
    },
  ]);
  expect(summarize(report).withoutId).toEqual([]);
});

test.each([
  ['01', 'January'],
  ['02', 'February'],
  ['03', 'March'],
  ['04', 'April'],
  ['05', 'May'],
  ['06', 'June'],
  ['07', 'July'],
  ['08', 'August'],
  ['09', 'September'],
  ['10', 'October'],
  ['11', 'November'],
  ['12', 'December'],
])('month %s is called %s', (month, name) => {
  expect(monthOf(`2026-${month}-15T00:00:00Z`, 'UTC')).toBe(`${name} 2026`);
});
