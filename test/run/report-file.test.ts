import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryObjects } from '../../lambdas/platform/directory.ts';
import type { Objects } from '../../lambdas/platform/platform.ts';
import { runKeys } from '../../lambdas/run/keys.ts';
import { completeParts, keepReport, readHead, readReport } from '../../lambdas/run/report-file.ts';
import { cellsOf, collected, company, customer, reportJson, reportOf } from '../report/sample.ts';

const W = 'Agents Workstations';
const keys = runKeys('run');

const reportWith = (count: number) =>
  reportOf([company('a', { agents: ['1'] })], [collected('agents', [customer('1', { [W]: count })])]);
const nothingRead = reportOf(
  [company('a', { agents: ['1'] })],
  [{ integration: 'agents', outcome: 'failed', error: 'VendorAuthError', message: 'refused' }],
);

let folder: string;
let objects: Objects;

/** Reads that were asked for. */
let asked: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-file-'));
  const kept = directoryObjects(join(folder, 'config'), join(folder, 'out'));
  asked = [];
  objects = {
    ...kept,
    read: (key) => {
      asked.push(key);
      return kept.read(key);
    },
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const countIn = async () => {
  const report = await readReport(objects, 'run');
  return report === undefined ? undefined : cellsOf(report, 'a')[W];
};

describe('a stored report', () => {
  it('is read from its parts, without reading report.json', async () => {
    await keepReport(objects, reportWith(7));
    expect(await countIn()).toEqual({ state: 'counted', value: 7 });
    expect((await readHead(objects, 'run'))?.rows).toHaveLength(2);
    expect(asked).toEqual([keys.reportHead, keys.reportCells, keys.reportHead]);
  });

  it.each(['reportHead', 'reportCells'] as const)(
    'is read whole if %s is gone, which is then restored',
    async (part) => {
      await keepReport(objects, reportWith(7));
      await objects.remove(keys[part]);
      expect(await countIn()).toEqual({ state: 'counted', value: 7 });
      await objects.remove(keys.reportHead);
      await completeParts(objects, 'run');
      asked = [];
      expect(await countIn()).toEqual({ state: 'counted', value: 7 });
      expect(asked).not.toContain(keys.report);
    },
  );

  it('is not mixed with the parts of an earlier report', async () => {
    await keepReport(objects, reportWith(7));
    const before = new Date(Date.now() - 10_000);
    for (const part of ['report-head.json', 'report-cells.json']) {
      await utimes(join(folder, 'out', 'run', part), before, before);
    }
    await objects.write(keys.report, reportJson(reportWith(8)), 'application/json');
    expect(await countIn()).toEqual({ state: 'counted', value: 8 });
    expect((await readHead(objects, 'run'))?.rows).toHaveLength(2);
  });

  it('is that of the first execution to finish', async () => {
    await keepReport(objects, reportWith(7));
    await keepReport(objects, reportWith(8));
    expect(await countIn()).toEqual({ state: 'counted', value: 7 });
  });

  it('has no parts while nothing was read, because it can be replaced', async () => {
    await keepReport(objects, nothingRead);
    expect(await objects.read(keys.reportHead)).toBeUndefined();
    expect(await countIn()).toMatchObject({ state: 'failed' });
    await keepReport(objects, reportWith(7));
    expect(await countIn()).toEqual({ state: 'counted', value: 7 });
  });
});

it('a report that is gone is undefined, whatever parts are left', async () => {
  await keepReport(objects, reportWith(7));
  await objects.remove(keys.report);
  expect(await readReport(objects, 'run')).toBeUndefined();
  expect(await readHead(objects, 'run')).toBeUndefined();
});
