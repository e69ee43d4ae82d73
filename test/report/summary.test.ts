import { describe, expect, test } from 'vitest';
import { htmlSummary, monthOf, plainSummary, summarize } from '../../lambdas/report/summary.ts';
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
  test('says the month by UTC', () => {
    expect(summary().month).toBe('November 2026');
    expect(monthOf('2026-12-31T23:59:59Z')).toBe('December 2026');
    expect(monthOf('2027-01-01T00:00:00Z')).toBe('January 2027');
  });

  test('tells integrations apart, with reasons', () => {
    expect(summary().integrations.collected).toEqual(['Shop']);
    expect(summary().integrations.partial).toMatchObject([{ name: 'Edition' }]);
    expect(summary().integrations.failed).toEqual([{ name: 'Agents', reason: 'VendorAuthError: the key was refused' }]);
  });

  test('names unmapped and ambiguous customers', () => {
    expect(summary().unmapped).toEqual([
      { integration: 'Edition', customer: 'Ghost\nCo', id: '3', counts: 'Edition Users 4, Edition Plan Pro' },
      { integration: 'Shop', customer: 'Customer 1', id: '1', counts: 'nothing counted' },
    ]);
    expect(summary().ambiguous).toEqual([
      { integration: 'Edition', customer: 'Customer 2', id: '2', claimedBy: ['C', 'D'] },
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
    const text = plainSummary(summary(), ['s3://bucket/runs/run/report.csv']);
    expect(text).toContain('Billing Reconciliation, November 2026');
    expect(text).toContain('MSP: 5 companies, 1 of 3 integrations collected in full (Shop). Run run.');
    expect(text).toContain(
      '1 integration failed; the cells concerned are blank:\n- Agents: VendorAuthError: the key was',
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
    expect(text).toContain('70 vendor customers claimed by no company:');
    expect(text).toContain('- and 20 more');
    expect(text.match(/^- Shop: Customer/gmu)).toHaveLength(50);
  });
});
