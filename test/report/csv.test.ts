import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asTable } from '../../lambdas/report/cell-table.ts';
import { csv, hasUnmapped, reportCsv, rowsAsData, spreadsheetText, unmappedCsv } from '../../lambdas/report/csv.ts';
import { cellOf, type Report } from '../../lambdas/report/report.ts';
import { awkwardText, situation } from './arbitrary.ts';
import { collected, company, customer, product, reportOf } from './sample.ts';

const parsed = (csv: string): string[][] =>
  parse(csv, { bom: true, record_delimiter: '\r\n', relax_column_count: false });

const csvOf = (report: Report): string => [...reportCsv(asTable(report))].join('');

/** What a field must read as: neutralized text by an independent reading of the rule, or the number as written. */
const asField = (value: string | number | null): string => {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const bare = value.replace(/^[\s\p{Cc}\p{Cf}]+/u, '');
  const runs = /^[=+\-@＝＋－＠]/u.test(bare) || /^[\t\r\n]/u.test(value);
  return runs ? `'${value}` : value;
};

describe('report.csv', () => {
  test('read back equals the report', () => {
    fc.assert(
      fc.property(situation, ({ organizations, outcomes }) => {
        const report = reportOf(organizations, outcomes);
        const [header, ...rows] = parsed(csvOf(report));
        expect(header).toEqual(['Company', ...report.columns.map(({ title }) => title), 'Data Quality'].map(asField));
        expect(rows).toEqual(
          report.rows.map((row) =>
            [
              row.organization.name,
              ...report.columns.map((column) => {
                const cell = cellOf(report, row, column);
                return cell?.state === 'counted' ? cell.value : null;
              }),
              row.dataQuality,
            ].map(asField),
          ),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('has a byte order mark, ends lines by CR LF, shows 0 as 0 and blank as nothing', () => {
    const report = reportOf(
      [company('a', { agents: ['1'] }, { name: 'Ann, Bob & "Co"' })],
      [collected('agents', [customer('1', { 'Agents Workstations': 3 })])],
    );
    expect(csvOf(report)).toBe(
      '\uFEFFCompany,Agents Workstations,Agents Servers,Edition Users,Edition Plan,Tenants Seats,Data Quality\r\n' +
        '"Ann, Bob & ""Co""",3,0,,,,complete\r\n' +
        'MSP,,,,,,Agents: unmapped\r\n',
    );
  });

  test('neutralizes formulas in titles, names and texts, and leaves numbers alone', () => {
    const report = reportOf(
      [company('a', { shop: ['1'], edition: ['1'] }, { name: '=cmd|calc' })],
      [
        collected('shop', [customer('1', { '@Product v1.0 (x.y)': -4.5 })], {
          columns: [product('@Product v1.0 (x.y)')],
        }),
        collected('edition', [customer('1', { 'Edition Plan': '-5', 'Edition Users': 2 })]),
      ],
    );
    const [header, row] = parsed(csvOf(report));
    expect(header).toContain("'@Product v1.0 (x.y)");
    expect(row?.[0]).toBe("'=cmd|calc");
    expect(row).toContain('-4.5');
    expect(row).toContain("'-5");
  });
});

describe('text in a spreadsheet', () => {
  test.each([
    '=1',
    '+1',
    '-1',
    '@a',
    '\t1',
    '\r1',
    '\n1',
    ' =1',
    '\u00a0=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    '\u200b=1',
    '\0=1',
  ])('%j is neutralized', (text) => {
    expect(spreadsheetText(text).replace(/^"/u, '').startsWith("'")).toBe(true);
  });

  test.each(['a=1', 'Müller & Söhne', '5-a', '#1', 'e@mail', "'", ''])('%j is left as it is', (text) => {
    expect(spreadsheetText(text)).toBe(text);
  });

  test('never begins with what a spreadsheet runs, and parses back to itself', () => {
    fc.assert(
      fc.property(awkwardText, (text) => {
        const [[field] = []] = parsed(`${spreadsheetText(text)},x\r\n`);
        expect(field).toBe(asField(text));
      }),
    );
  });
});

describe('unmapped.csv', () => {
  /** The lines without the suggestion at their end, which these reports do not have. */
  const unmapped = (report: Report) => parsed(unmappedCsv(report)).map((line) => line.slice(0, 5));

  test('is only the header when every customer is mapped', () => {
    const report = reportOf([], []);
    expect(hasUnmapped(report)).toBe(false);
    const columns = 'Integration,Customer Id,Customer Name,Column,Count,Suggested Company,Suggestion,Evidence';
    expect(unmappedCsv(report)).toBe(`\uFEFF${columns}\r\n`);
  });

  test('has one line per column: fixed ones always, others when they have something', () => {
    const report = reportOf(
      [],
      [
        collected('agents', [customer('-9', { 'Agents Workstations': 4, 'Agents Printers': 0 }, { name: '=Ghost' })]),
        collected('edition', [customer('1', { 'Edition Plan': 'Pro' })]),
        collected('shop', [customer('1', { 'SHOP A': 2, 'SHOP B': 0 }), customer('2', {})]),
      ],
    );
    expect(hasUnmapped(report)).toBe(true);
    expect(unmapped(report).slice(1)).toEqual([
      ['Agents', "'-9", "'=Ghost", 'Agents Workstations', '4'],
      ['Agents', "'-9", "'=Ghost", 'Agents Servers', '0'],
      ['Edition', '1', 'Customer 1', 'Edition Users', '0'],
      ['Edition', '1', 'Customer 1', 'Edition Plan', 'Pro'],
      ['Shop', '1', 'Customer 1', 'SHOP A', '2'],
      ['Shop', '2', 'Customer 2', '', ''],
    ]);
  });

  test('shows why a customer, or one of its numbers, has no count', () => {
    const gaps = { 'Tenants Seats': { state: 'failed' as const, reason: 'no member' } };
    const report = reportOf(
      [],
      [
        collected('tenants', [
          customer('1', {}, { state: 'failed', error: 'VendorAuthError', reason: 'no consent' }),
          customer('2', {}, { state: 'excluded', reason: 'inactive' }),
          customer('3', {}, { gaps }),
        ]),
      ],
    );
    expect(unmapped(report).map((line) => line.slice(3))).toEqual([
      ['Column', 'Count'],
      ['(failed: VendorAuthError)', ''],
      ['(excluded: inactive)', ''],
      ['Tenants Seats (failed: no member)', ''],
    ]);
  });

  test('ends with the company that a customer seems to belong to, how certain that is, and why', () => {
    const report = reportOf([], [collected('tenants', [customer('1', {}), customer('2', {}), customer('3', {})])]);
    const company = { id: 'a', name: 'Alpha' };
    const [sure, unclear, none] = report.unmapped;
    if (sure === undefined || unclear === undefined || none === undefined) throw new Error('a customer is missing');
    const unmapped = [
      { ...sure, suggestion: { certainty: 'certain' as const, company, evidence: 'same domain' } },
      { ...unclear, suggestion: { certainty: 'unclear' as const, evidence: 'two have this name' } },
      none,
    ];
    const lines = parsed(unmappedCsv({ ...report, unmapped }));
    expect(lines.map((line) => line.slice(5))).toEqual([
      ['Suggested Company', 'Suggestion', 'Evidence'],
      ['Alpha', 'certain', 'same domain'],
      ['', 'unclear', 'two have this name'],
      ['', '', ''],
    ]);
  });

  test('names every unmapped customer', () => {
    fc.assert(
      fc.property(situation, ({ organizations, outcomes }) => {
        const report = reportOf(organizations, outcomes);
        const names = new Set(unmapped(report).map(([, id]) => id));
        for (const { customerId } of report.unmapped) expect(names.has(asField(customerId))).toBe(true);
      }),
    );
  });
});

test('a number with more digits than JavaScript holds keeps them all', () => {
  const digits = '12345678901234567890.10';
  expect(csv([{ digits }], [{ label: 'Amount', value: (row) => row }])).toBe(`\uFEFFAmount\r\n${digits}\r\n`);
});

test('rows as data say what the CSV says, null for blank', () => {
  const report = reportOf(
    [company('a', { agents: ['1'], shop: ['1'] }, { name: '=A' }), company('b', { shop: ['2'] })],
    [
      collected('agents', [customer('1', { 'Agents Workstations': 3 })]),
      collected('shop', [customer('1', JSON.parse('{"__proto__": 2}')), customer('2', {})], {
        columns: [product('__proto__')],
      }),
    ],
  );
  const [first, second] = rowsAsData(report);
  expect(Object.entries(first ?? {})).toEqual([
    ['Company', '=A'],
    ['Agents Workstations', 3],
    ['Agents Servers', 0],
    ['Edition Users', null],
    ['Edition Plan', null],
    ['__proto__', 2],
    ['Tenants Seats', null],
    ['Data Quality', 'complete'],
  ]);
  expect(Object.entries(second ?? {})).toContainEqual(['__proto__', 0]);
  expect(Object.entries(second ?? {})).toContainEqual(['Agents Workstations', null]);
});

test.each([199, 200, 201, 400, 401])('%i companies are as many lines, each once, under one header', (count) => {
  const ids = Array.from({ length: count }, (_, index) => String(index).padStart(3, '0'));
  const organizations = ids.map((id) => company(id, { agents: [id] }, { name: `Zoë ${id}` }));
  const report = reportOf(organizations, [
    collected(
      'agents',
      ids.map((id) => customer(id, { 'Agents Servers': Number(id) })),
    ),
  ]);
  const file = csvOf(report);
  const [header, msp, ...rows] = parsed(file);
  expect(header?.[0]).toBe('Company');
  expect(msp?.[0]).toBe('MSP');
  expect(rows.map(([name, , servers]) => [name, servers])).toEqual(ids.map((id) => [`Zoë ${id}`, String(Number(id))]));
  expect(file.match(/\uFEFF/gu)).toHaveLength(1);
  expect(file.split('\r\n')).toHaveLength(count + 3);
});
