import { strFromU8, unzipSync } from 'fflate';
import readWorkbook from 'read-excel-file/node';
import { expect, it } from 'vitest';
import { cellOf, type ReportRow } from '../../lambdas/report/report.ts';
import type { ReportData } from '../../lambdas/views/report-data.ts';
import { reportWorkbook } from '../../lambdas/workbook/workbook.ts';
import { HOSTILE, hostileData } from '../views/hostile.ts';
import { data, report, rows } from '../views/sample.ts';

type Values = readonly (readonly unknown[])[];

/** The sheets as a second library reads them. */
async function read(from: ReportData): Promise<Map<string, Values>> {
  const sheets = await readWorkbook(Buffer.from(await reportWorkbook(from)), { trim: false });
  return new Map(sheets.map(({ sheet, data: values }) => [sheet, values]));
}

function column(sheets: Map<string, Values>, sheet: string, title: string): Values[number] {
  const [header = [], ...lines] = sheets.get(sheet) ?? [];
  const index = header.indexOf(title);
  if (index < 0) throw new Error(`${sheet} has no column ${title}`);
  return lines.map((line) => line[index] ?? null);
}

const whole = await read(data);
const parts = unzipSync(await reportWorkbook(data));
const part = (name: string): string => strFromU8(parts[name] ?? new Uint8Array());

it('has a sheet for everything that has content', async () => {
  expect([...whole.keys()]).toEqual([
    'Summary',
    'To do',
    'Compare',
    'Counts',
    'Changes',
    'Terms',
    'Unmapped',
    'Columns',
  ]);
  const bare = { ...report, unmapped: [], ambiguous: [], notFound: [], integrations: report.integrations.slice(1, 2) };
  expect([...(await read({ report: bare })).keys()]).toEqual(['Summary', 'Counts', 'Columns']);
});

it('shows the report in Counts: the same numbers, and blank cells where nothing was read', () => {
  for (const { title, type, ...rest } of report.columns) {
    const expected = report.rows.map((row) => {
      const cell = cellOf(report, row, { title, type, ...rest });
      return cell?.state === 'counted' ? cell.value : null;
    });
    expect(column(whole, 'Counts', title), title).toEqual(expected);
  }
  const [header = []] = whole.get('Counts') ?? [];
  expect(header).toEqual(['Company', ...report.columns.map(({ title }) => title), 'Data Quality']);
});

it('shows the compared month, with the day of the counts if it was over by then', async () => {
  const comparedFor = async (period: string) => {
    const sheets = await read({ report, reconciliation: { period, rows: [], totals: [] } });
    return sheets.get('Summary')?.find(([label]) => label === 'Compared for')?.[1];
  };
  expect(await comparedFor('2026-11')).toBe('November 2026');
  expect(await comparedFor('2026-10')).toBe('October 2026 (counts of 2026-11-22)');
});

it('writes numbers as numbers, days as days and ids as text', () => {
  expect(column(whole, 'Compare', 'Money Difference')).toEqual([7, 33, -20, null, null, null]);
  expect(column(whole, 'Terms', 'Subscription Id')).toEqual(['0012345678901234567890']);
  expect(column(whole, 'Terms', 'Last Day To Act')).toEqual([new Date('2026-12-19T00:00:00Z')]);
  expect(column(whole, 'Unmapped', 'Customer Id')).toEqual(['9', '9', '8', '102']);
});

it('puts texts among numbers into their own column', () => {
  expect(column(whole, 'Changes', 'Before')).toEqual([10, null]);
  expect(column(whole, 'Changes', 'Before (text)')).toEqual([null, 'Business']);
});

it('writes a column of counts entirely as text if one of them is a text', async () => {
  const [first] = report.columns;
  if (first === undefined) throw new Error('the report has no column');
  const row = (value: number | string, name: string): ReportRow => ({
    organization: { id: name, name },
    cells: new Map([[first.title, { state: 'counted', value }]]),
    dataQuality: 'complete',
  });
  const sheets = await read({ report: { ...report, rows: [row(5, 'a'), row('unlimited', 'b')] } });
  expect(column(sheets, 'Counts', first.title)).toEqual(['5', 'unlimited']);
});

it.each([
  ['Unit Price', { unitPrice: '1234567890123.4567' }, ['1234567890123.4567', '3.50']],
  ['Billed', { billed: 'unlimited' }, ['unlimited', '10']],
])('shows no other digits than were read in %s', async (title, member, expected) => {
  const [row] = rows;
  if (row === undefined) throw new Error('the sample has no row');
  const sheets = await read({
    report,
    reconciliation: { period: '2026-11', rows: [{ ...row, ...member }, row], totals: [] },
  });
  expect(column(sheets, 'Compare', title)).toEqual(expected);
});

it.each(['0001-01-01', '1900-02-28', '2026-02-30', 'soon'])(
  'keeps %s as text: a workbook cannot have such a day',
  async (day) => {
    const terms = (data.terms ?? []).map((term) => ({ ...term, termEnd: day }));
    expect(column(await read({ report, terms }), 'Terms', 'Term End')).toEqual([day]);
  },
);

it('refuses a number that a workbook cannot hold', async () => {
  const [first] = report.columns;
  const cells = new Map([[first?.title ?? '', { state: 'counted', value: Number.NaN } as const]]);
  const broken = [{ organization: { id: 'a', name: 'a' }, cells, dataQuality: '' }];
  await expect(reportWorkbook({ report: { ...report, rows: broken } })).rejects.toThrow('a workbook cannot hold NaN');
});

it('shows hostile texts as the texts they are', async () => {
  const sheets = await read(hostileData);
  const names = column(sheets, 'Counts', 'Company').slice(report.rows.length);
  expect(names).toEqual(HOSTILE.map(([, shown]) => shown));
  expect(column(sheets, 'Changes', 'Added')).toEqual(HOSTILE.map(([, shown]) => shown));
});

it('writes neither formulas, errors, links nor loads', async () => {
  const written = unzipSync(await reportWorkbook(hostileData));
  for (const [name, bytes] of Object.entries(written)) {
    const xml = strFromU8(bytes);
    expect(xml, name).not.toMatch(/<f[ >]|t="e"|<hyperlink|TargetMode="External"|ddeLink|<oleObject/u);
  }
});

it('cuts a text that is too long for a cell, and shows that it did', async () => {
  const long = 'x'.repeat(40_000);
  const changes = [{ company: 'a', companyId: 'a', added: long, since: '2026-10-22' }];
  const [added] = column(await read({ report, changes }), 'Changes', 'Added');
  expect(String(added)).toHaveLength(32_767);
  expect(String(added).endsWith('x […]')).toBe(true);
});

it('makes equal bytes from equal data, whatever the clock and the time zone', async () => {
  const first = Buffer.from(await reportWorkbook(data));
  const zone = process.env.TZ;
  process.env.TZ = 'Pacific/Auckland';
  const { report: same, ...others } = data;
  const second = Buffer.from(await reportWorkbook({ ...structuredClone(others), report: { ...same } }));
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
  expect(second.equals(first)).toBe(true);
  expect(part('docProps/core.xml')).toContain('2026-11-22T06:30:00Z');
});

it('freezes header and company, filters, and repeats both on paper', () => {
  expect(part('xl/worksheets/sheet4.xml')).toContain('<pane xSplit="1" ySplit="1" topLeftCell="B2" state="frozen"');
  expect(part('xl/worksheets/sheet4.xml')).toContain('<autoFilter ref="A1:H5"/>');
  const names = part('xl/workbook.xml');
  expect(names).toContain(
    `<definedName name="_xlnm._FilterDatabase" localSheetId="3">'Counts'!$A$1:$H$5</definedName>`,
  );
  expect(names).toContain(`<definedName name="_xlnm.Print_Titles" localSheetId="1">'To do'!$1:$1</definedName>`);
});

it('explains every colour in words on Summary', () => {
  const words = (whole.get('Summary') ?? []).map((line) => line.filter((value) => value !== null).join(' '));
  for (const state of [
    'failed 3',
    'ambiguous',
    'not-found',
    'excluded',
    'unmapped',
    'under-billed 1 ▲',
    'not-compared 1 ?',
  ]) {
    expect(
      words.some((line) => line.startsWith(state)),
      state,
    ).toBe(true);
  }
  expect(words).toContain('USD 7 33 0 0');
});
