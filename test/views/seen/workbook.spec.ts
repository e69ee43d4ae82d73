import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { cellOf } from '../../../lambdas/report/report.ts';
import { reportWorkbook } from '../../../lambdas/workbook/workbook.ts';
import { HOSTILE, hostileData } from '../hostile.ts';
import { data, report } from '../sample.ts';
import { installed, python, run } from './programs.ts';

const READER = fileURLToPath(new URL('read.py', import.meta.url));
const interpreter = python();
const office = installed('LibreOffice', ['soffice', 'libreoffice']);

const Rows = z.array(z.array(z.unknown()));
const Read = z.object({
  openpyxl: z.record(
    z.string(),
    z.object({
      rows: Rows,
      types: z.array(z.string()),
      frozen: z.nullable(z.string()),
      filter: z.nullable(z.string()),
      fills: z.array(z.string()),
    }),
  ),
  calamine: z.record(z.string(), Rows),
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'views-'));
  await writeFile(join(folder, 'report.xlsx'), await reportWorkbook(data));
  await writeFile(join(folder, 'hostile.xlsx'), await reportWorkbook(hostileData));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = async (file: string) => {
  const { stdout } = await run(interpreter ?? '', [READER, join(folder, file)], { maxBuffer: 1 << 26 });
  return z.parse(Read, JSON.parse(stdout));
};

it.skipIf(interpreter === undefined)('openpyxl and calamine read the counts of the report', async () => {
  const { openpyxl, calamine } = await read('report.xlsx');
  const expected = report.rows.map((row) =>
    report.columns.map((column) => {
      const cell = cellOf(report, row, column);
      return cell?.state === 'counted' ? cell.value : null;
    }),
  );
  const counts = (rows: unknown[][] = []) => rows.slice(1).map((row) => row.slice(1, -1));
  expect(counts(openpyxl.Counts?.rows)).toEqual(expected);
  expect(counts(calamine.Counts).map((row) => row.map((value) => (value === '' ? null : value)))).toEqual(expected);
  expect(openpyxl.Counts?.frozen).toBe('B2');
  expect(openpyxl.Counts?.filter).toBe('A1:H5');
  expect(openpyxl.Counts?.fills).toEqual(expect.arrayContaining(['FFFBD5D5', 'FFFCE6C3', 'FFE4DFF7', 'FFECEEF2']));
});

it.skipIf(interpreter === undefined)('openpyxl and calamine read days, amounts and ids in their types', async () => {
  const { openpyxl, calamine } = await read('report.xlsx');
  expect(openpyxl.Terms?.rows[1]?.slice(3, 11)).toEqual([
    '0012345678901234567890',
    27,
    20,
    19.5,
    'USD',
    'Monthly',
    '1-Year',
    '2026-12-20T00:00:00',
  ]);
  expect(calamine.Terms?.[1]?.[10]).toBe('2026-12-20');
  expect(openpyxl.Compare?.rows[1]?.slice(3, 9)).toEqual([12, 12, 10, 2, 3.5, 7]);
});

it.skipIf(interpreter === undefined)(
  'openpyxl and calamine find text in hostile texts, and no formula or error',
  async () => {
    const { openpyxl, calamine } = await read('hostile.xlsx');
    const shown = HOSTILE.map(([, text]) => text);
    const names = (rows: unknown[][] = []) => rows.slice(1 + report.rows.length).map(([name]) => name);
    expect(names(openpyxl.Counts?.rows)).toEqual(shown);
    expect(names(calamine.Counts)).toEqual(shown);
    for (const { types } of Object.values(openpyxl)) expect(types).not.toContain('f');
    for (const { types } of Object.values(openpyxl)) expect(types).not.toContain('e');
  },
);

it.skipIf(office === undefined)('LibreOffice opens it, and keeps texts, numbers, filters and days', async () => {
  const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
  const convert = (file: string) =>
    run(office ?? '', [
      profile,
      '--headless',
      '--convert-to',
      'xlsx:Calc MS Excel 2007 XML',
      '--outdir',
      join(folder, 'again'),
      join(folder, file),
    ]);
  await convert('report.xlsx');
  await convert('hostile.xlsx');
  const again = unzipSync(await readFile(join(folder, 'again', 'report.xlsx')));
  const names = strFromU8(again['xl/workbook.xml'] ?? new Uint8Array());
  expect(names.match(/name="_xlnm\._FilterDatabase"/gu)).toHaveLength(7);
  const hostile = unzipSync(await readFile(join(folder, 'again', 'hostile.xlsx')));
  for (const [name, bytes] of Object.entries(hostile)) {
    if (name.startsWith('xl/worksheets/')) expect(strFromU8(bytes), name).not.toMatch(/<f[ >]|t="e"/u);
  }
});
