import { describe, expect, test } from 'vitest';
import { type VendorChanges, vendorChanges } from '../../lambdas/history/changes.ts';
import { changesCsv } from '../../lambdas/history/changes-csv.ts';
import type { Report } from '../../lambdas/report/report.ts';
import { collected, company, customer, product, reportOf } from '../report/sample.ts';
import {
  DAY1,
  DAY2,
  DAY3,
  delivered,
  failing,
  numbersReport,
  SERVERS,
  type Servers,
  serversReport,
  unitsIn,
  unitsOf,
} from './sample.ts';

/** What changed between two sets of servers, as people read it. */
async function between(before: Servers, now: Servers): Promise<VendorChanges> {
  const [first, second] = [serversReport(before), serversReport(now)];
  const history = delivered(first, { units: await unitsIn(first, unitsOf(before)) });
  return vendorChanges(second, 'agents', history, await unitsIn(second, unitsOf(now)));
}

const serversIn = ({ cells }: VendorChanges) => cells.filter(({ column }) => column === SERVERS);

describe('the names of what changed', () => {
  test('are those that were added and those that were removed', async () => {
    const { cells } = await between({ a: { '1': 'web', '2': 'old' } }, { a: { '1': 'web', '3': 'new', '4': '' } });
    expect(cells).toMatchObject([
      {
        company: { id: 'a' },
        column: SERVERS,
        before: 2,
        now: 3,
        difference: 1,
        added: ['4', 'new'],
        removed: ['old'],
      },
    ]);
  });

  test('show from and to which company a unit moved', async () => {
    const { cells } = await between(
      { a: { '1': 'web', '2': 'mail' }, b: {} },
      { a: { '2': 'mail' }, b: { '1': 'web' } },
    );
    expect(cells).toMatchObject([
      { company: { id: 'a' }, added: [], removed: ['web (to B)'] },
      { company: { id: 'b' }, added: ['web (from A)'], removed: [] },
    ]);
  });

  test('show no move if the id alone does not prove it', async () => {
    const stayed = await between({ a: { '1': 'web' }, b: {} }, { a: { '1': 'web' }, b: { '1': 'web' } });
    expect(stayed.cells).toMatchObject([{ company: { id: 'b' }, added: ['web'] }]);
    const fromTwo = await between({ a: { '1': 'x' }, b: {}, c: { '1': 'y' } }, { a: {}, b: { '1': 'z' }, c: {} });
    expect(fromTwo.cells.map(({ added, removed }) => [...added, ...removed])).toEqual([
      ['x (to B)'],
      ['z'],
      ['y (to B)'],
    ]);
  });

  test('distinguish a rename from a removal and an addition', async () => {
    const { cells } = await between({ a: { '1': 'web' } }, { a: { '1': 'www', '2': 'mail' } });
    expect(cells).toMatchObject([{ added: ['mail', 'web -> www'], removed: [] }]);
  });

  test('of equal units under new ids are those of other units', async () => {
    const { cells } = await between({ a: { '1': 'web' } }, { a: { '2': 'web', '3': 'mail' } });
    expect(cells).toMatchObject([{ added: ['mail', 'web'], removed: ['web'] }]);
  });

  test('show both quantities of a subscription whose quantity changed', async () => {
    const shopReport = (seats: number) =>
      reportOf([company('a', { agents: ['a'] })], [collected('agents', [customer('a', { [SERVERS]: seats })])]);
    const seats = (quantity: number) => [{ customer: 'a', column: SERVERS, id: 's', name: 'Plan', quantity }];
    const history = delivered(shopReport(10), { units: await unitsIn(shopReport(10), seats(10)) });
    const changed = async (now: number) =>
      vendorChanges(shopReport(now), 'agents', history, await unitsIn(shopReport(now), seats(now))).cells;
    expect(await changed(12)).toMatchObject([{ added: ['Plan (10 -> 12)'], removed: [] }]);
    expect(await changed(7)).toMatchObject([{ added: [], removed: ['Plan (10 -> 7)'] }]);
  });

  test('are left out if one side came without names, or could not be read', async () => {
    const first = serversReport({ a: { '1': 'web' } });
    const second = serversReport({ a: { '1': 'web', '2': 'mail' } });
    const units = await unitsIn(second, unitsOf({ a: { '1': 'web', '2': 'mail' } }));
    expect(vendorChanges(second, 'agents', delivered(first), units).cells).toMatchObject([{ added: [], removed: [] }]);
    const history = delivered(first, { units: await unitsIn(first, unitsOf({ a: { '1': 'web' } })) });
    expect(vendorChanges(failing('a'), 'agents', history, new Map()).drop?.cells[0]).toMatchObject({
      added: [],
      removed: [],
    });
  });

  test('are neither shown nor kept if units are off', async () => {
    const first = serversReport({ a: { '1': 'web' } });
    const history = delivered(first, { units: await unitsIn(first, unitsOf({ a: { '1': 'web' } })) });
    const none = serversReport({ a: {} });
    expect(vendorChanges(none, 'agents', history, undefined).cells).toMatchObject([
      { before: 1, now: 0, added: [], removed: [] },
    ]);
    for (const report of [none, failing('a')]) {
      expect(JSON.stringify(delivered(report, { before: history }))).not.toContain('web');
    }
  });

  test('stop after twenty in a field', async () => {
    const many = Object.fromEntries(Array.from({ length: 23 }, (_, index) => [String(index), `pc${index + 10}`]));
    const changes = await between({ a: {} }, { a: many });
    const [, line = ''] = changesCsv(serversReport({ a: many }), { companies: [], vendors: [changes] }).split('\r\n');
    expect(line).toContain('pc29; and 3 more');
    expect(line).not.toContain('pc30');
  });
});

describe('a cell that could not be read', () => {
  const history = delivered(numbersReport({ a: 12 }));
  const failed = failing('a');
  const unread = delivered(failed, { day: DAY2, before: history });

  test('is a change the first time, and not the second', () => {
    expect(
      vendorChanges(failed, 'agents', history, undefined).drop?.cells.filter(({ column }) => column === SERVERS),
    ).toEqual([
      {
        company: { id: 'a', name: 'A' },
        column: SERVERS,
        before: 12,
        stateBefore: 'counted',
        stateNow: 'failed',
        since: DAY1,
        added: [],
        removed: [],
      },
    ]);
    expect(vendorChanges(failed, 'agents', unread, undefined)).toMatchObject({ cells: [] });
    expect(vendorChanges(failed, 'agents', unread, undefined)).not.toHaveProperty('drop');
  });

  test('is compared with its last reading once it can be read again', () => {
    expect(serversIn(vendorChanges(numbersReport({ a: 14 }), 'agents', unread, undefined))).toMatchObject([
      { before: 12, now: 14, difference: 2, stateBefore: 'counted', since: DAY1 },
    ]);
    expect(vendorChanges(numbersReport({ a: 12 }), 'agents', unread, undefined).cells).toEqual([]);
  });

  test('keeps its day while other cells are read', () => {
    const partly = reportOf(
      [company('a', { agents: ['a'] })],
      [
        collected('agents', [
          customer('a', { 'Agents Workstations': 3 }, { gaps: { [SERVERS]: { state: 'failed', reason: 'odd' } } }),
        ]),
      ],
    );
    const partial = delivered(partly, { day: DAY2, before: history });
    const { cells } = vendorChanges(numbersReport({ a: 15 }), 'agents', partial, undefined);
    expect(cells.map(({ column, before, since }) => [column, before, since])).toEqual([
      ['Agents Workstations', 3, DAY2],
      [SERVERS, 12, DAY1],
    ]);
  });

  test('is not 0 if its column is hidden because nobody else has anything in it', () => {
    const printers = (more: Parameters<typeof customer>[2]) => (count: Record<string, number>) =>
      reportOf([company('a', { agents: ['a'] })], [collected('agents', [customer('a', count, more)])]);
    const before = delivered(printers({})({ 'Agents Printers': 5 }));
    const gaps = { 'Agents Printers': { state: 'failed' as const, reason: 'odd' } };
    expect(vendorChanges(printers({ gaps })({}), 'agents', before, undefined).cells).toMatchObject([
      { column: 'Agents Printers', before: 5, stateNow: 'failed' },
    ]);
    expect(vendorChanges(printers({})({}), 'agents', before, undefined).cells).toMatchObject([
      { column: 'Agents Printers', before: 5, now: 0, difference: -5, stateNow: 'counted' },
    ]);
  });

  test('keeps the names of its units', async () => {
    const servers = { a: { '1': 'web' } };
    const first = serversReport(servers);
    const lost = delivered(failed, {
      day: DAY2,
      units: new Map(),
      before: delivered(first, { units: await unitsIn(first, unitsOf(servers)) }),
    });
    const now = { a: { '1': 'web', '2': 'mail' } };
    const report = serversReport(now);
    expect(vendorChanges(report, 'agents', lost, await unitsIn(report, unitsOf(now))).cells).toMatchObject([
      { added: ['mail'] },
    ]);
  });

  test('that was never read is compared with its failure', () => {
    const never = delivered(failed, { day: DAY2 });
    expect(serversIn(vendorChanges(numbersReport({ a: 3 }), 'agents', never, undefined))).toMatchObject([
      { now: 3, stateBefore: 'failed', since: DAY2 },
    ]);
  });
});

describe('columns that appear only when used', () => {
  const shop = (...sold: [string, number][]): Report =>
    reportOf(
      ['a', 'b'].map((id) => company(id, { shop: [id] })),
      [
        collected('shop', [customer('a', Object.fromEntries(sold)), customer('b', { 'SHOP Base': 1 })], {
          columns: ['SHOP Base', ...sold.map(([title]) => title)].map(product),
        }),
      ],
    );
  const changed = (before: Report, now: Report) =>
    vendorChanges(now, 'shop', delivered(before, { integration: 'shop' }), undefined).cells.map((cell) => [
      cell.company.id,
      cell.column,
      cell.before,
      cell.now,
    ]);

  test('count from and to 0 for a company that has the product', () => {
    expect(changed(shop(), shop(['SHOP New', 4]))).toEqual([['a', 'SHOP New', 0, 4]]);
    expect(changed(shop(['SHOP New', 4]), shop())).toEqual([['a', 'SHOP New', 4, 0]]);
  });

  test('are not a change for a company that has the product neither before nor now', () => {
    const now = shop(['SHOP New', 4]);
    const withoutId = reportOf(
      [company('a', { shop: ['a'] }), company('b')],
      [collected('shop', [customer('a', { 'SHOP New': 4 })], { columns: [product('SHOP New')] })],
    );
    expect(changed(now, withoutId)).toEqual([['b', 'SHOP Base', 1, undefined]]);
  });
});

describe('changes.csv', () => {
  test('has only the header on the first run', () => {
    expect(changesCsv(numbersReport({ a: 1 }), { companies: [], vendors: [] })).toBe(
      '\uFEFFCompany,Integration,Column,Before,Now,Difference,State Before,State Now,Added,Removed,Since\r\n',
    );
  });

  test('neutralizes names that a spreadsheet would run', async () => {
    const changes = await between({ a: {} }, { a: { '1': '=cmd()' } });
    expect(changesCsv(serversReport({ a: { '1': '' } }), { companies: [], vendors: [changes] })).toContain(
      `A,Agents,${SERVERS},0,1,1,counted,counted,'=cmd(),,${DAY1}\r\n`,
    );
  });

  test('shows texts before and now, without a difference', () => {
    const edition = (plan: string) => collected('edition', [customer('a', { 'Edition Plan': plan })]);
    const report = (plan: string) => reportOf([company('a', { edition: ['a'] })], [edition(plan)]);
    const history = delivered(report('Basic'), { integration: 'edition', day: DAY3 });
    const changes = vendorChanges(report('Pro'), 'edition', history, undefined);
    expect(changesCsv(report('Pro'), { companies: [], vendors: [changes] })).toContain(
      `A,Edition,Edition Plan,Basic,Pro,,counted,counted,,,${DAY3}\r\n`,
    );
  });
});
