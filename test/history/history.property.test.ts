import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Changes, companyChanges, vendorChanges } from '../../lambdas/history/changes.ts';
import { changesCsv } from '../../lambdas/history/changes-csv.ts';
import { readHistory, type VendorHistory } from '../../lambdas/history/vendor-history.ts';
import { cellOf, type Report } from '../../lambdas/report/report.ts';
import { situation } from '../report/arbitrary.ts';
import { reportOf } from '../report/sample.ts';
import { DAY1, keep, keepAll } from './sample.ts';

const report = situation.map(({ organizations, outcomes }) => reportOf(organizations, outcomes));

const changesOf = (now: Report, histories: VendorHistory[]): Changes => ({
  companies: companyChanges(now, histories),
  vendors: histories.map((history) => vendorChanges(now, history, undefined)),
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
      const { companies, vendors } = changesOf(same, keepAll(same));
      expect(companies).toEqual([]);
      expect(vendors.flatMap((vendor) => [...vendor.cells, ...(vendor.drop?.cells ?? [])])).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('the changes applied to the old report give the new one, and every change is one', () => {
  fc.assert(
    fc.property(report, report, (before, now) => {
      const { vendors } = changesOf(now, keepAll(before));
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
    const histories = keepAll(before);
    const turned = <T>(all: readonly T[]): T[] => (turn % 2 === 0 ? all.toReversed() : [...all]);
    return { now, histories, other: turned(histories).map((each) => ({ ...each, companies: turned(each.companies) })) };
  });
  fc.assert(
    fc.property(shuffledTwice, ({ now, histories, other }) => {
      expect(changesCsv(now, changesOf(now, other))).toBe(changesCsv(now, changesOf(now, histories)));
    }),
    { numRuns: 60 },
  );
});

test('a history is read back as it was written', () => {
  const expected = { integration: 'shop', name: 'Shop', configuration: 'fingerprint', runId: 'now' };
  fc.assert(
    fc.property(report, report, (first, second) => {
      const history = keep(second, { integration: 'shop', before: keep(first, { integration: 'shop' }) });
      expect(readHistory(JSON.parse(JSON.stringify(history)), expected)).toEqual({ history });
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['a history that is no object', () => 'torn', 'what the last report kept cannot be read'],
  ['a day that is none', (history: VendorHistory) => ({ ...history, day: '2026-02-30' }), 'cannot be read (day)'],
  ['a later version', (history: VendorHistory) => ({ ...history, version: 2 }), 'cannot be read (version)'],
  ['another vendor', (history: VendorHistory) => ({ ...history, integration: 'agents' }), 'belongs to agents'],
  ['another configuration', (history: VendorHistory) => ({ ...history, configuration: 'x' }), 'another configuration'],
  ['the run itself', (history: VendorHistory) => ({ ...history, runId: 'now' }), 'from this very run'],
])('%s is set aside with a sentence', (_, spoil, sentence) => {
  const expected = { integration: 'shop', name: 'Shop', configuration: 'fingerprint', runId: 'now' };
  const history = keep(reportOf([], []), { integration: 'shop', day: DAY1 });
  const { remark, ...rest } = readHistory(spoil(history), expected);
  expect(rest).toEqual({});
  expect(remark).toContain(sentence);
  expect(remark).toContain('changes.csv compares nothing of Shop this time');
});

test('a vendor that was never delivered has no history and no remark', () => {
  expect(readHistory(undefined, { integration: 'a', name: 'A', configuration: 'f', runId: 'r' })).toEqual({});
});
