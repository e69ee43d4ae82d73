import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { reconciliationCsv } from '../../lambdas/billing/reconciliation-csv.ts';
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

  test('writes numbers as numbers, including negative ones, and neutralizes text that a spreadsheet would run', () => {
    const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
    const rowOf = (name: string) => rows.find(({ Company }) => Company === name);
    expect(rowOf('f')).toMatchObject({ State: 'over-billed', Difference: '-7', 'Money Difference': '-28.00' });
    expect(text).toContain(',-7,4.00,-28.00,USD,2026-11,,Managed,EDR by name (EDR),7006,connectwise-psa,');
    expect(rowOf("'=cmd()")).toMatchObject({ Difference: '2', 'Money Difference': '8.00', Lines: '7001' });
    expect(rowOf('g')).toMatchObject({ Counted: '1', Billed: '', Difference: '', Reason: `no id at ${PSA}` });
  });

  test('cuts what is too long for a cell, and says where the complete text is', () => {
    const many = Array.from({ length: 4000 }, (_, index) => line(`line-${10_000 + index}`, 'a', 'EDR', 1));
    const csv = reconciliationCsv(compared({ organizations, outcomes, sides: [side(many)] }));
    const rows: Record<string, string>[] = parse(csv, { bom: true, columns: true });
    const first = rows.find(({ Company }) => Company === "'=cmd()");
    expect(first?.Lines?.length).toBeLessThan(32_767);
    expect(first?.Lines).toMatch(/ \(full text in reconciliation\.json\)$/u);
  });
});
