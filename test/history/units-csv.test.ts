import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { proveUnits } from '../../lambdas/history/counted-units.ts';
import { unitsCsv } from '../../lambdas/history/units-csv.ts';
import { sumExact } from '../../lambdas/report/exact-sum.ts';
import type { Unit } from '../../lambdas/report/unit.ts';
import { collected, company, customer, product, reportOf, seen } from '../report/sample.ts';
import { all, proven, SERVERS, serversReport, streamOf, unitsOf } from './sample.ts';

type Line = Record<string, string>;
const linesOf = (file: string): Line[] => parse(file, { bom: true, columns: true });

const fileOf = async (...vendors: Parameters<typeof unitsCsv>[0]): Promise<string> =>
  (await all(unitsCsv(vendors))).join('');

const unit = (more: Partial<Unit>): Unit => ({
  customer: 'a',
  column: SERVERS,
  id: '1',
  name: 'web',
  quantity: 1,
  ...more,
});

describe('units.csv', () => {
  test('names each counted unit under its company; a unit without a name shows its id', async () => {
    const servers = { a: { '1': 'web', '2': ' ' }, b: { '3': '=mail' } };
    const file = await fileOf(await proven(serversReport(servers), unitsOf(servers)));
    expect(file.startsWith('\uFEFFCompany,Integration,Column,Unit,Unit Id,Quantity\r\n')).toBe(true);
    expect(linesOf(file).map(({ Company, Unit }) => [Company, Unit])).toEqual([
      ['A', 'web'],
      ['A', '2'],
      ['B', "'=mail"],
    ]);
  });

  test('is only a header if no unit was yielded', async () => {
    expect(await fileOf()).toBe('\uFEFFCompany,Integration,Column,Unit,Unit Id,Quantity\r\n');
  });

  test('leaves out units of unmapped customers, and of cells without a number', async () => {
    const report = reportOf(
      [company('a', { agents: ['a'] }), company('b', { agents: ['b', 'gone'] })],
      [
        collected(
          'agents',
          ['a', 'b', 'x'].map((id) => customer(id, { [SERVERS]: 1 })),
        ),
      ],
    );
    const units = ['a', 'b', 'x'].map((id) => unit({ customer: id }));
    const vendor = await proven(report, units);
    expect(linesOf(await fileOf(vendor)).map(({ Company }) => Company)).toEqual(['A']);
    expect(vendor.remarks).toEqual([]);
  });

  test('counts an id that occurs twice once', async () => {
    const vendor = await proven(serversReport({ a: { '1': 'web' } }), [unit({}), unit({})]);
    expect(vendor.remarks).toEqual([]);
    expect(linesOf(await fileOf(vendor))).toHaveLength(1);
  });

  test.each([
    ['too few', [unit({})]],
    ['too many', ['1', '2', '3'].map((id) => unit({ id }))],
    ['another quantity', [unit({}), unit({ id: '2', quantity: 1.5 })]],
  ])('leaves a column out, and says so, where its units are %s', async (_, units) => {
    const report = serversReport({ a: { '1': 'web', '2': 'mail' } });
    const printers = unit({ column: 'Agents Workstations', quantity: 0 });
    const vendor = await proven(report, [...units, printers]);
    const listed = sumExact(units.map(({ quantity }) => quantity));
    expect(vendor.remarks).toEqual([
      `Agents: units.csv leaves out "Agents Servers", whose units do not add up to the report's count: ${listed} in units and 2 counted for A`,
    ]);
    expect(linesOf(await fileOf(vendor)).map(({ Column }) => Column)).toEqual(['Agents Workstations']);
  });

  test('ignores units of a column that the report does not show', async () => {
    const report = reportOf([company('a', { agents: ['a'] })], [collected('agents', [customer('a', {})])]);
    const vendor = await proven(report, [unit({ column: 'Agents Printers' })]);
    expect(vendor.refuted).toEqual(['Agents Printers']);
  });

  test('adds in decimal, as the report does', async () => {
    const report = reportOf(
      [company('a', { shop: ['a'] })],
      [collected('shop', [customer('a', { 'SHOP Disk': 0.3 })], { columns: [product('SHOP Disk')] })],
    );
    const units = [0.1, 0.2].map((quantity, index) => unit({ column: 'SHOP Disk', id: String(index), quantity }));
    const { remarks } = await proveUnits(report, {
      integration: 'shop',
      name: 'Shop',
      read: () => streamOf([units]),
      companyOf: (id) => id,
    });
    expect(remarks).toEqual([]);
  });

  test('fails if the units change between checking and writing', async () => {
    const report = serversReport({ a: { '1': 'web' } });
    let reads = 0;
    const vendor = await proveUnits(report, {
      integration: 'agents',
      name: 'Agents',
      read: () => streamOf([reads++ === 0 ? [unit({})] : []]),
      companyOf: (id) => id,
    });
    await expect(fileOf(vendor)).rejects.toThrow('the units of Agents changed while they were written');
  });

  test('holds no more than one batch of units while it writes', async () => {
    const count = 2_000;
    let yielded = 0;
    const report = reportOf(
      [company('a', { agents: ['a'] })],
      [collected('agents', [customer('a', { [SERVERS]: count })])],
    );
    const vendor = await proveUnits(report, {
      integration: 'agents',
      name: 'Agents',
      read: async function* () {
        for (yielded = 0; yielded < count; ) yield [unit({ id: String(yielded++) })];
      },
      companyOf: (id) => id,
    });
    const pieces = unitsCsv([vendor])[Symbol.asyncIterator]();
    await pieces.next();
    await pieces.next();
    expect(yielded).toBeLessThan(count / 2);
  });

  test('adds up to the cells of report.csv, per company and column, or has no line of the column', async () => {
    const quantity = fc.oneof(fc.constant(1), fc.constantFrom(0.1, 0.2, 3, 0));
    const row = fc.record({
      customer: fc.constantFrom('a1', 'a2', 'b', 'x'),
      column: fc.constantFrom('Agents Servers', 'Agents Workstations', 'Agents Printers'),
      id: fc.constantFrom('1', '2', '3', '__proto__'),
      name: fc.string({ maxLength: 5 }),
      quantity,
      hidden: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 15 }), async (rows) => {
        const keyOf = ({ customer, column, id }: Unit) => `${customer} ${column} ${id}`;
        const units = [...Map.groupBy(rows, keyOf).values()].flatMap(([first]) => first ?? []);
        const counts = (id: string) =>
          Map.groupBy(
            units.filter((each) => each.customer === id),
            ({ column }) => column,
          );
        const report = reportOf(
          [company('a', { agents: ['a1', 'a2'] }), company('b', { agents: ['b'] })],
          [
            collected(
              'agents',
              ['a1', 'a2', 'b', 'x'].map((id) =>
                customer(
                  id,
                  Object.fromEntries(
                    [...counts(id)].map(([title, of]) => [title, sumExact(of.map((each) => each.quantity))]),
                  ),
                ),
              ),
            ),
          ],
        );
        const yielded = rows.filter(({ hidden }) => !hidden);
        const vendor = await proven(report, yielded, (id) => ({ a1: 'a', a2: 'a', b: 'b' })[id] ?? '');
        const lines = linesOf(await fileOf(vendor));
        for (const title of ['Agents Servers', 'Agents Workstations', 'Agents Printers']) {
          const mine = lines.filter(({ Column }) => Column === title);
          if (mine.length === 0) continue;
          for (const id of ['a', 'b']) {
            const sum = sumExact(
              mine.filter(({ Company }) => Company === id.toUpperCase()).map(({ Quantity }) => Number(Quantity)),
            );
            expect(sum).toBe(seen(report, id, title) ?? 0);
          }
        }
        if (yielded.length === rows.length) expect(vendor.remarks).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
