import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Changes, companyChanges, vendorChanges } from '../../lambdas/history/changes.ts';
import { changesCsv } from '../../lambdas/history/changes-csv.ts';
import { readHistory, type Snapshot, type VendorHistory } from '../../lambdas/history/vendor-history.ts';
import { cellOf, type Report } from '../../lambdas/report/report.ts';
import { situation } from '../report/arbitrary.ts';
import { catalog, reportOf } from '../report/sample.ts';
import { DAY2, DAY3, delivered, historyAfter } from './sample.ts';

/** What the next report compares each vendor with. */
const deliveredAll = (report: Report): Map<string, Snapshot> =>
  new Map(catalog.map(({ id }) => [id, delivered(report, { integration: id })]));

const report = situation.map(({ organizations, outcomes }) => reportOf(organizations, outcomes));

const changesOf = (now: Report, histories: Map<string, Snapshot>): Changes => ({
  companies: companyChanges(now, [...histories.values()]),
  vendors: [...histories].map(([id, history]) => vendorChanges(now, id, history, undefined)),
});

type Seen = { state: string; value?: number | string };

/** What a reader of both reports sees in each cell of the companies and columns that both of them have. */
function seenCells(report: Report): Map<string, Seen & { product: boolean }> {
  const cells = report.rows.flatMap((row) =>
    report.columns.map((column) => [row, column, cellOf(report, row, column)] as const),
  );
  return new Map(
    cells.flatMap(([{ organization }, { title, appears }, cell]) => {
      if (cell === undefined) return [];
      const value = cell.state === 'counted' ? { value: cell.value } : {};
      return [
        [JSON.stringify([organization.id, title]), { state: cell.state, ...value, product: appears === 'product' }],
      ];
    }),
  );
}

test('nothing has changed since a report that was itself delivered', () => {
  fc.assert(
    fc.property(report, (same) => {
      const { companies, vendors } = changesOf(same, deliveredAll(same));
      expect(companies).toEqual([]);
      expect(vendors.flatMap((vendor) => [...vendor.cells, ...(vendor.drop?.cells ?? [])])).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('the changes applied to the old report give the new one, and every change is one', () => {
  fc.assert(
    fc.property(report, report, (before, now) => {
      const { vendors } = changesOf(now, deliveredAll(before));
      const changes = new Map(
        vendors
          .flatMap(({ cells, drop }) => [...cells, ...(drop?.cells ?? [])])
          .map((change) => [JSON.stringify([change.company.id, change.column]), change]),
      );
      const [old, current] = [seenCells(before), seenCells(now)];
      for (const [key, cell] of current) {
        const past = old.get(key);
        if (past === undefined) continue;
        const change = changes.get(key);
        const nothing = (seen: Seen) => seen.value === undefined || seen.value === 0;
        if (change === undefined && cell.product && nothing(past) && nothing(cell)) continue;
        const applied = change === undefined ? past : { state: change.stateNow, value: change.now };
        expect([key, applied.state, applied.value]).toEqual([key, cell.state, cell.value]);
        if (change !== undefined) {
          expect([change.stateBefore, change.before]).toEqual([past.state, past.value]);
          expect([change.stateNow, change.now]).not.toEqual([past.state, past.value]);
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('changes.csv is the same in whatever order the histories and their companies come', () => {
  const shuffledTwice = fc.tuple(report, report, fc.integer()).map(([before, now, turn]) => {
    const histories = deliveredAll(before);
    const turned = <T>(all: Iterable<T>): T[] => (turn % 2 === 0 ? [...all].reverse() : [...all]);
    const other = turned(histories).map(([id, { companies, ...rest }]): [string, Snapshot] => [
      id,
      { ...rest, companies: turned(companies) },
    ]);
    return { now, histories, other: new Map(other) };
  });
  fc.assert(
    fc.property(shuffledTwice, ({ now, histories, other }) => {
      expect(changesCsv(now, changesOf(now, other))).toBe(changesCsv(now, changesOf(now, histories)));
    }),
    { numRuns: 60 },
  );
});

const COUNTED = { configuration: 'fingerprint' };

const shop = {
  integration: 'shop',
  name: 'Shop',
  managingOrganization: 'msp',
  configuration: 'fingerprint',
  runId: 'now',
  place: 'history/shop',
  asOf: `${DAY3}T06:30:00Z`,
};

test('a history reads back as it was written', () => {
  fc.assert(
    fc.property(report, report, (first, second) => {
      const before = delivered(first, { integration: 'shop' });
      const history = historyAfter(second, { integration: 'shop', day: DAY2, before });
      expect(readHistory(JSON.parse(JSON.stringify(history)), shop)).toEqual({ snapshot: history.last, ...COUNTED });
    }),
    { numRuns: 60 },
  );
});

test('a repeated run compares with the same report as the first time, and leaves the same history', () => {
  fc.assert(
    fc.property(report, report, (first, second) => {
      const before = delivered(first, { integration: 'shop' });
      const history = historyAfter(second, { integration: 'shop', day: DAY2, before });
      const { snapshot, ...rest } = readHistory(history, { ...shop, runId: history.last.runId });
      expect([snapshot, rest]).toEqual([before, COUNTED]);
      expect(historyAfter(second, { integration: 'shop', day: DAY2, before: snapshot ?? before })).toEqual(history);
    }),
    { numRuns: 30 },
  );
  const only = historyAfter(reportOf([], []), { integration: 'shop' });
  expect(readHistory(only, { ...shop, runId: only.last.runId })).toEqual({});
});

test.each([
  ['a history that is no object', () => 'torn', 'the history of the last report cannot be read'],
  [
    'a day that is none',
    (history: VendorHistory) => ({ ...history, last: { ...history.last, day: '2026-02-30' } }),
    'cannot be read (last.day)',
  ],
  ['a later version', (history: VendorHistory) => ({ ...history, version: 2 }), 'cannot be read (version)'],
  ['another vendor', (history: VendorHistory) => ({ ...history, integration: 'agents' }), 'belongs to agents'],
  ['another configuration', (history: VendorHistory) => ({ ...history, configuration: 'x' }), 'another configuration'],
])('%s is set aside with a remark', (_, spoil, sentence) => {
  const { remark, ...rest } = readHistory(spoil(historyAfter(reportOf([], []), { integration: 'shop' })), shop);
  expect(rest).toEqual({});
  expect(remark).toContain(sentence);
  expect(remark).toContain('changes.csv does not compare Shop this time');
});

test('of a vendor that is not installed, only one that is of no use is told how to be rid of', () => {
  const uninstalled = { ...shop, configuration: undefined };
  expect(readHistory('torn', uninstalled).remark).toContain('remove history/shop if that does not matter');
  const later = historyAfter(reportOf([], []), { integration: 'shop', day: DAY3 });
  expect(readHistory(later, { ...uninstalled, asOf: `${DAY2}T06:30:00Z` }).remark).toBe(
    `Shop: a later report was delivered on ${DAY3}, so changes.csv does not compare Shop this time`,
  );
});

test('a run that is repeated after a later delivery neither compares with it nor replaces it', () => {
  const later = historyAfter(reportOf([], []), { integration: 'shop', day: DAY3 });
  const { remark, ...rest } = readHistory(later, { ...shop, asOf: `${DAY2}T06:30:00Z` });
  expect(rest).toEqual({ superseded: true });
  expect(remark).toContain(`a later report was delivered on ${DAY3}`);
});

test('a vendor that was never delivered has no history and no remark', () => {
  expect(readHistory(undefined, shop)).toEqual({});
});
