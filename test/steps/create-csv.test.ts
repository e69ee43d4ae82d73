import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runKeys } from '../../lambdas/run/keys.ts';
import createCsv from '../../lambdas/steps/create-csv.ts';
import { madeReport } from './made-report.ts';

const { csv, unmapped } = runKeys('r1');

it('the CSV files are made with the report, and stay as they are', async () => {
  const { scene, run, report } = await madeReport();
  const written = await scene.platform.objects.writtenAt(csv);
  expect(await scene.text(csv)).toContain('\r\n');
  await scene.play(createCsv, { run, report });
  expect(await scene.platform.objects.writtenAt(csv)).toBe(written);
});

it.each([csv, unmapped])('%s is made again from the report where it is gone', async (gone) => {
  const { scene, run, report } = await madeReport();
  const before = [await scene.text(csv), await scene.text(unmapped)];
  await scene.platform.objects.remove(gone);
  expect(await scene.play(createCsv, { run, report })).toEqual({ csv, unmapped });
  expect([await scene.text(csv), await scene.text(unmapped)]).toEqual(before);
});

it('a CSV file that is older than the report is of another one', async () => {
  const { scene, run, report } = await madeReport();
  const before = await scene.text(csv);
  await scene.platform.objects.write(csv, 'of a report that was there before', 'text/csv');
  const earlier = new Date(Date.now() - 10_000);
  await utimes(join(scene.out, 'r1', 'report.csv'), earlier, earlier);
  await scene.play(createCsv, { run, report });
  expect(await scene.text(csv)).toBe(before);
});
