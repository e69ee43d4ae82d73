import { describe, expect, it } from 'vitest';
import { MOST_LINES, plainText } from '../../lambdas/report/brief.ts';
import { ERROR_NAMES } from '../../lambdas/report/errors.ts';
import { actionsOf } from '../../lambdas/views/actions.ts';
import { briefOf } from '../../lambdas/views/brief.ts';
import type { ReportData } from '../../lambdas/views/report-data.ts';
import type { ReconciliationRow, TermRow } from '../../lambdas/views/rows.ts';
import { reportOf } from '../report/sample.ts';
import { data, rows } from './sample.ts';

const textOf = (of: ReportData): string => plainText(briefOf(of, 'Details: report.xlsx.'));

it('shows what happened, then the money, what to do, which vendors failed, and the rest as counts', () => {
  expect(textOf(data)).toBe(
    [
      'Billing Reconciliation, November 2026',
      '',
      'MSP, 4 companies: 2 of 4 vendors read in full, 1 in part, 1 not at all. Compared with what is billed for November 2026:',
      '- USD a month: 33.00 not billed at all, 7.00 billed too little',
      '- EUR a month: 20.00 billed too much',
      '- 1 row more differs; no price was read',
      '',
      'To do first, of 11:',
      '- FABRIKAM: Bill 3.3 of Archive; none is billed (33.00 USD a month)',
      '- CONTOSO: Raise Managed EDR from 10 to 12 (7.00 USD a month)',
      '- CONTOSO: Lower Users from 8 to 3, or record an agreed minimum in billing.json (20.00 EUR a month)',
      '- CONTOSO: Check Servers: 1 billed, but the vendor counts none',
      '- Edition customer Customer 10 (10) is mapped to CONTOSO and IRONBRIDGE: keep its id with one of them',
      '',
      'Terms to act on within 45 days:',
      '- CONTOSO: Reduce Office: 7 of 27 seats are unused; order by 2026-12-19, effective 2026-12-21 (commitment end)',
      '',
      'Vendors to look into; what could not be read is blank, never 0:',
      '- Agents: the credentials were refused for 1 customer (Customer 2)',
      '- Tenants did not answer',
      '',
      'Also: 1 of 6 rows not compared (1 failed), 3 companies with a count missing, 3 vendor customers without a company, ' +
        '1 mapped ambiguously, 2 changes since 2026-10-22. Details: report.xlsx.',
      '',
    ].join('\n'),
  );
});

it('gives the day of the counts if what is billed is of a month that was over by then', () => {
  const compared = (some: readonly ReconciliationRow[], totals = data.reconciliation?.totals ?? []) =>
    textOf({ ...data, reconciliation: { period: '2026-10', rows: some, totals } });
  expect(compared(rows)).toContain('Compared with what is billed for October 2026 (counts of 2026-11-22):');
  expect(
    compared(
      rows.filter(({ state }) => state === 'matched'),
      [],
    ),
  ).toContain(
    'Everything that could be compared is billed as counted. This is about October 2026 (counts of 2026-11-22).',
  );
  expect(textOf(data)).not.toContain('counts of');
});

describe('a run without much to report', () => {
  it('is one sentence', () => {
    expect(plainText(briefOf({ report: reportOf([], []) }))).toBe(
      'Billing Reconciliation, November 2026\n\nMSP, 1 company: 0 of 0 vendors read in full.\n',
    );
  });

  const compared = (some: ReconciliationRow[]): string =>
    textOf({ report: reportOf([], []), reconciliation: { period: '2026-11', rows: some, totals: [] } });

  it('never says that all is well if nothing could be compared', () => {
    for (const some of [[], rows.filter(({ state }) => state === 'not-compared')]) {
      expect(compared(some)).toContain('Nothing could be compared with what is billed.');
    }
  });

  it('does not take what an exception covers for a difference, nor a price of 0 for one that was not read', () => {
    const [first] = rows;
    if (first === undefined) throw new Error('the sample has no row');
    expect(compared([{ ...first, state: 'tolerated' }])).toContain('Everything that could be compared');
    const free = { ...first, unitPrice: '0.00', moneyDifference: '0.00' };
    expect(compared([free])).toContain('1 row of reconciliation.csv differs, but not in money.');
    const { moneyDifference: _, ...unpriced } = first;
    expect(compared([free, unpriced])).toContain('2 rows of reconciliation.csv differ; no price was read for 1.');
  });

  it('says that nothing differs, or that no price was read', () => {
    expect(compared(rows.filter(({ state }) => state === 'matched'))).toContain(
      'Everything that could be compared is billed as counted.',
    );
    const unpriced = rows.slice(0, 1).map(({ moneyDifference: _, ...row }) => row);
    expect(compared(unpriced)).toContain('1 row of reconciliation.csv differs; no price was read.');
    const agreed = unpriced.map((row): ReconciliationRow => ({ ...row, state: 'tolerated' }));
    expect(compared(agreed)).toContain('Everything that could be compared is billed as counted.');
  });

  it('never says that all is billed as counted when no row could be compared', () => {
    const open = rows.filter(({ state }) => state === 'not-compared');
    expect(open).not.toHaveLength(0);
    const reconciliation = { period: '2026-11', rows: open, totals: [] };
    expect(textOf({ report: reportOf([], []), reconciliation })).toContain(
      'read in full. Nothing could be compared with what is billed.\n',
    );
  });

  it('shows with the money how many rows differ whose money is not known', () => {
    const unpriced = rows.slice(0, 1).map(({ moneyDifference: _, ...row }) => row);
    const totals = [
      { currency: 'USD', underBilled: '3.50', countedNotBilled: '0.00', overBilled: '0.00', billedNotCounted: '0.00' },
    ];
    expect(
      textOf({ report: reportOf([], []), reconciliation: { period: '2026-11', rows: unpriced, totals } }),
    ).toContain('\n- USD a month: 3.50 billed too little\n- 1 row more differs; no price was read\n');
  });
});

it('says first that what the PSA bills could not be read', () => {
  const unread = [{ name: 'ConnectWise PSA', error: 'VendorAuthError' as const, message: 'refused (HTTP 401)' }];
  expect(textOf({ ...data, reconciliation: { period: '2026-11', rows: [], totals: [], unread } })).toContain(
    '- not compared: ConnectWise PSA refuses these credentials or does not let them read this: refused\n',
  );
});

it('reports a drop of a whole vendor as the vendor’s', () => {
  const drop = { company: '(9 of 10 companies)', companyId: '', integration: 'Duo', since: '2026-10-22' };
  const texts = [
    { ...drop, column: 'Duo Users', before: '310', now: '12' },
    { ...drop, removed: 'A (5 -> 1); B (7 -> not read); C (1 -> 0)' },
    { ...drop, company: '(all companies)', stateNow: 'not installed' },
  ].map((change) => textOf({ report: data.report, changes: [change] }));
  expect(texts[0]).toContain(
    '- Duo: less at 9 of 10 companies since 2026-10-22: Duo Users (310 -> 12); check it before you rely on it\n',
  );
  expect(texts[1]).toContain('since 2026-10-22: A (5 -> 1) and 2 more columns; check');
  expect(texts[2]).toContain('- Duo is not installed any more; it was on 2026-10-22\n');
});

it('does not report less at a vendor that it reports as not read', () => {
  const change = { company: '(all companies)', companyId: '', column: 'Seats', before: '7', since: '2026-10-22' };
  const text = textOf({ report: data.report, changes: [{ ...change, integration: 'Tenants', stateNow: 'failed' }] });
  expect(text).toContain('- Tenants did not answer\n');
  expect(text).not.toContain('less at');
});

it('names the vendors that the run left out, for their cells are blank', () => {
  const notAsked = data.report.integrations.slice(0, 2);
  const names = notAsked.map(({ name }) => name).join(', ');
  const report = { ...data.report, notAsked: notAsked.map(({ integration }) => integration) };
  expect(textOf({ report })).toContain(`Not asked by this run, so their cells are blank: ${names}.`);
  expect(textOf({ report: data.report })).not.toContain('Not asked');
});

describe('a run in which everything is wrong', () => {
  const vendors = Array.from({ length: 19 }, (_, index) => `Vendor ${index + 1}`);
  const long = 'a very long name of a company, a product or a vendor, as they come '.repeat(9);
  const failing = (status: 'failed' | 'partial'): ReportData['report']['integrations'] =>
    vendors.map((name, index) => {
      const error = ERROR_NAMES[index % ERROR_NAMES.length] ?? 'VendorAuthError';
      const message = `${name} GET /x: odd (HTTP 418): {"why":"${long}"}`;
      const failures = Array.from({ length: 40 }, (_, at) => ({
        ...{ customerId: String(at), customerName: `${long}\n${at}`, message },
        error: ERROR_NAMES[at % ERROR_NAMES.length] ?? error,
      }));
      const receipt = { requests: 0, pages: 0, rows: 0, distinct: 0, lists: [], comparisons: [] };
      return status === 'failed'
        ? { integration: name, name, status, error, message }
        : { integration: name, name, status, customers: 40, receipt, message, failures };
    });
  const everything = (status: 'failed' | 'partial'): ReportData => {
    const row = rows[0];
    if (row === undefined) throw new Error('the sample has no row');
    const term: TermRow = { company: long, integration: long, product: long, subscriptionId: '1' };
    return {
      report: { ...data.report, integrations: failing(status) },
      reconciliation: {
        period: '2026-11',
        rows: Array.from({ length: 300 }, (_, index) => ({ ...row, company: `${long} ${index}`, service: long })),
        totals: ['USD', 'EUR', 'AUD', 'NZD', 'CAD'].map((currency) => ({
          ...{
            currency,
            underBilled: '1.00',
            countedNotBilled: '2.00',
            overBilled: '-3.00',
            billedNotCounted: '-4.00',
          },
        })),
      },
      terms: Array.from({ length: 60 }, () => ({
        ...term,
        act: { units: '2', why: 'unused' as const, from: '2026-12-01', lastDay: '2026-11-30' },
      })),
      changes: Array.from({ length: 500 }, (_, index) => ({
        ...{ company: '(all companies)', companyId: index < 19 ? '' : 'a', removed: long, since: '2026-10-22' },
      })),
    };
  };

  it.each(['failed', 'partial'] as const)('still fits into twenty-five lines when every vendor is %s', (status) => {
    const text = textOf(everything(status));
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
    expect(lines.filter((line) => line.includes('a month)') || line.endsWith('…')).length).toBeGreaterThanOrEqual(5);
    expect(text).toContain(`To do first, of ${actionsOf(everything(status)).length}:`);
    expect(text).toMatch(/\n- Vendor 1\b/u);
    expect(text).toMatch(/\n- and \d+ more\n/u);
    expect(text).toContain('Details: report.xlsx.');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(405);
    expect(text).not.toMatch(/[{}]|Vendor\w+Error/u);
  });
});
