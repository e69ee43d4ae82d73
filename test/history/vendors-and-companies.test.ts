import { describe, expect, test } from 'vitest';
import { companyChanges, vendorChanges } from '../../lambdas/history/changes.ts';
import { changeLines } from '../../lambdas/history/changes-csv.ts';
import type { Snapshot } from '../../lambdas/history/vendor-history.ts';
import type { Report } from '../../lambdas/report/report.ts';
import { collected, company, customer, reportOf } from '../report/sample.ts';
import { DAY1, DAY2, delivered, failing, numbersReport, SERVERS } from './sample.ts';

describe('companies', () => {
  const before = numbersReport({ a: 3, b: 2 });
  const now = numbersReport({ a: 3, c: 5 });
  const lines = (report: Report, history: Snapshot) =>
    changeLines(report, {
      companies: companyChanges(report, [history]),
      vendors: [vendorChanges(report, 'agents', history, undefined)],
    }).map(({ company, column, before, now, difference, stateBefore, stateNow }) =>
      [company, column, before, now, difference, stateBefore, stateNow].map((value) => value ?? '').join('|'),
    );

  test('that came and went have their own line, and one for each of their counts', () => {
    expect(lines(now, delivered(before))).toEqual([
      'B||||||removed',
      'C||||||added',
      `B|${SERVERS}|2||-2|counted|`,
      `C|${SERVERS}||5|5||counted`,
    ]);
  });

  test('with a new name are the same companies', () => {
    const history = delivered(before);
    const renamed = { ...history, companies: history.companies.map((each) => ({ ...each, name: `Old ${each.id}` })) };
    expect(companyChanges(before, [renamed]).map(({ change, nameBefore }) => [change, nameBefore])).toEqual([
      ['renamed', 'Old a'],
      ['renamed', 'Old b'],
      ['renamed', 'Old msp'],
    ]);
  });

  test('known to have nothing at a vendor have no cells there, and are not new companies', () => {
    const full = numbersReport({ a: 3 });
    const emptied: Report = {
      ...full,
      rows: full.rows.map((row) =>
        row.organization.id === 'a' ? { ...row, cells: new Map(), knownEmpty: ['agents'] } : row,
      ),
    };
    expect(lines(emptied, delivered(full))).toEqual([`A|${SERVERS}|3||-3|counted|`]);
    expect(lines(emptied, delivered(emptied))).toEqual([]);
    expect(lines(full, delivered(emptied))).toEqual([`A|${SERVERS}||3|3||counted`]);
  });

  test('are compared only with the newest history', () => {
    const old = delivered(numbersReport({ z: 1 }), { day: DAY1 });
    const current = delivered(before, { day: DAY2 });
    expect(companyChanges(before, [old, current])).toEqual([]);
    expect(companyChanges(before, [])).toEqual([]);
  });
});

describe('a whole vendor', () => {
  const eight = Object.fromEntries([...'abcdefgh'].map((id) => [id, 10]));
  const history = delivered(numbersReport(eight));
  const lineOf = (report: Report, kept = history) => {
    const vendors = [vendorChanges(report, 'agents', kept, undefined)];
    return changeLines(report, { companies: [], vendors });
  };

  test('that loses at five companies, and half of those that had something, has one line before all others', () => {
    const [first, ...others] = lineOf(numbersReport({ ...eight, a: 4, b: 4, c: 4, d: 4, e: 0, f: 11 }));
    expect(first).toMatchObject({
      company: '(5 of 8 companies)',
      integration: 'Agents',
      column: SERVERS,
      before: 50,
      now: 16,
      difference: -34,
      stateBefore: 'counted',
      stateNow: 'counted',
      since: DAY1,
    });
    expect(others.map(({ company, difference }) => [company, difference])).toEqual([['F', 1]]);
  });

  test('is not reported if little is lost: each company keeps its own line', () => {
    const less = (by: number) => lineOf(numbersReport(Object.fromEntries([...'abcdefgh'].map((id) => [id, 10 - by]))));
    const five = { ...eight, a: 9, b: 9, c: 9, d: 9, e: 9 };
    expect(lineOf(numbersReport(five)).map(({ company, difference }) => [company, difference])).toEqual(
      [...'ABCDE'].map((company) => [company, -1]),
    );
    expect(less(1)).toMatchObject([{ company: '(all companies)', difference: -8 }]);
  });

  test('is not reported if four lose, or fewer than half', () => {
    expect(lineOf(numbersReport({ ...eight, a: 4, b: 4, c: 4, d: 4 })).map(({ company }) => company)).toEqual([
      ...['A', 'B', 'C', 'D'],
    ]);
    const eleven = { ...eight, i: 10, j: 10, k: 10 };
    const five = { ...eleven, a: 1, b: 1, c: 1, d: 1, e: 1 };
    expect(lineOf(numbersReport(five), delivered(numbersReport(eleven)))).toHaveLength(5);
  });

  test('that no longer lists its customers also has one line', () => {
    const [line, ...others] = lineOf(numbersReport({ a: 10, b: 10 }, ['c', 'd', 'e', 'f', 'g', 'h']));
    expect(line).toMatchObject({ company: '(6 of 8 companies)', before: 60, stateNow: 'not-found' });
    expect(line).not.toHaveProperty('now');
    expect(others).toEqual([]);
  });

  test('that could not be read has one line, however few companies it has', () => {
    const lines = lineOf(failing('a', 'b'), delivered(numbersReport({ a: 3, b: 4 })));
    expect(lines).toMatchObject([{ company: '(all companies)', before: 7, stateNow: 'failed' }]);
  });

  test('names each column that lost if there are several', () => {
    const both = reportOf(
      ['a'].map((id) => company(id, { agents: [id] })),
      [collected('agents', [customer('a', { [SERVERS]: 3, 'Agents Workstations': 9 })])],
    );
    const [line] = lineOf(failing('a'), delivered(both));
    expect(line).not.toHaveProperty('column');
    expect(line?.removed).toEqual(['Agents Workstations (9 -> not read)', 'Agents Servers (3 -> not read)']);
  });

  test('is not reported because of companies that are gone or lost their id', () => {
    const gone = numbersReport({ a: 10, b: 10, c: 10 });
    expect(lineOf(gone).map(({ company }) => company)).toEqual(['D', 'E', 'F', 'G', 'H']);
    const unmapped = reportOf(
      [...'abcdefgh'].map((id) => company(id, id < 'd' ? { agents: [id] } : {})),
      [
        collected(
          'agents',
          Object.entries(eight).map(([id, count]) => customer(id, { [SERVERS]: count })),
        ),
      ],
    );
    expect(lineOf(unmapped).every(({ stateNow }) => stateNow === 'unmapped')).toBe(true);
  });

  test('that is no longer installed has one line, once, and is compared with its last reading when it returns', () => {
    const without = reportOf(
      Object.keys(eight).map((id) => company(id)),
      [],
    );
    expect(lineOf(without)).toMatchObject([{ company: '(all companies)', stateNow: 'not installed', since: DAY1 }]);
    const later = delivered(without, { day: DAY2, before: history });
    expect(lineOf(without, later)).toEqual([]);
    expect(lineOf(numbersReport({ ...eight, a: 11 }), later)).toMatchObject([
      { company: 'A', before: 10, since: DAY1 },
    ]);
    expect(companyChanges(without, [later])).toEqual([]);
  });
});
