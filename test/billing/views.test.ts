import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { reconciliationCsv } from '../../lambdas/billing/reconciliation-csv.ts';
import { rowInWords, summarizeReconciliation, totalInWords } from '../../lambdas/billing/reconciliation-summary.ts';
import { company } from '../report/sample.ts';
import { compared, failedSide, line, PSA, side, workstations } from './sample.ts';

const COLUMNS =
  'Company,Service,State,Counted,Billable,Billed,Difference,Unit Price,Money Difference,Currency,Period,Reason,' +
  'Agreements,Products,Lines,Billed From,Note';

const organizations = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) =>
  company(id, { agents: [id], ...(id === 'g' ? {} : { [PSA]: [id] }) }, { name: id === 'a' ? '=cmd()' : id }),
);
const lines = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, index) => line(`${7001 + index}`, id, 'EDR', 10));
const outcomes = [workstations({ a: 12, b: 9, c: 15, d: 11, e: 14, f: 3, g: 1 })];
const result = compared({ organizations, outcomes, sides: [side(lines)] });

describe('reconciliation.csv', () => {
  const text = reconciliationCsv(result);

  test('has a byte order mark, CRLF, and the same columns whether or not a side was read', () => {
    expect(text.startsWith(`\uFEFF${COLUMNS}\r\n`)).toBe(true);
    expect(text.endsWith('\r\n')).toBe(true);
    const failed = reconciliationCsv(compared({ organizations, outcomes, sides: [failedSide] }));
    expect(failed.startsWith(`\uFEFF${COLUMNS}\r\n`)).toBe(true);
    expect(reconciliationCsv({ rows: [] })).toBe(`\uFEFF${COLUMNS}\r\n`);
  });

  test('writes numbers as numbers, also below 0, and neutralises text that a spreadsheet would run', () => {
    const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
    const rowOf = (name: string) => rows.find(({ Company }) => Company === name);
    expect(rowOf('f')).toMatchObject({ State: 'over-billed', Difference: '-7', 'Money Difference': '-28.00' });
    expect(text).toContain(',-7,4.00,-28.00,USD,2026-11,,Managed,EDR by name (EDR),7006,connectwise-psa,');
    expect(rowOf("'=cmd()")).toMatchObject({ Difference: '2', 'Money Difference': '8.00', Lines: '7001' });
    expect(rowOf('g')).toMatchObject({ Counted: '1', Billed: '', Difference: '', Reason: `no id at ${PSA}` });
  });

  test('cuts what no cell can hold, and says where the whole is', () => {
    const many = Array.from({ length: 4000 }, (_, index) => line(`line-${10_000 + index}`, 'a', 'EDR', 1));
    const csv = reconciliationCsv(compared({ organizations, outcomes, sides: [side(many)] }));
    const rows: Record<string, string>[] = parse(csv, { bom: true, columns: true });
    const first = rows.find(({ Company }) => Company === "'=cmd()");
    expect(first?.Lines?.length).toBeLessThan(32_767);
    expect(first?.Lines).toMatch(/ \(whole in reconciliation\.json\)$/u);
  });
});

describe('the summary', () => {
  test('gives the money, the five largest rows in either direction, and how many rows are not compared', () => {
    const summary = summarizeReconciliation(result);
    expect(summary.totals).toEqual(result.totals);
    expect(summary.largest.map(({ company, moneyDifference }) => [company, moneyDifference])).toEqual([
      ['f', '-28.00'],
      ['c', '20.00'],
      ['e', '16.00'],
      ['=cmd()', '8.00'],
      ['d', '4.00'],
    ]);
    expect(summary).toMatchObject({
      compared: 6,
      differingWithoutMoney: 0,
      notCompared: [{ reason: `no id at ${PSA}`, rows: 1 }],
    });
    expect(summary.advice).toBe(
      'Bill what is missing before you invoice: reconciliation.csv begins with it, most money first. ' +
        'Then look at the reasons of the row not compared.',
    );
  });

  test('puts rows and totals in words', () => {
    const [largest] = summarizeReconciliation(result).largest;
    expect(largest === undefined ? '' : rowInWords(largest)).toBe(
      'f, Managed EDR: 3 to bill, 10 billed; over-billed by 7, 28.00 USD a month',
    );
    expect(result.totals.map(totalInWords)).toEqual([
      'USD: 48.00 under-billed, 0.00 counted and not billed, 32.00 over-billed, 0.00 billed and not counted',
    ]);
  });

  test('says first that a billed side could not be read', () => {
    const summary = summarizeReconciliation(compared({ organizations, outcomes, sides: [failedSide] }));
    expect(summary.advice).toBe(
      'connectwise-psa could not be read (VendorAuthError): refused. Fix that and run the report again before you invoice.',
    );
    expect(summary.notCompared).toEqual([{ reason: 'billed side failed (VendorAuthError)', rows: 7 }]);
  });
});
