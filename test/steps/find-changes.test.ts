import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { ReportError } from '../../lambdas/report/errors.ts';
import { Paused } from '../../lambdas/wire/session.ts';
import { STATE_LIMIT_BYTES } from '../../scripts/local/engine.ts';
import { count, customer } from '../facts.ts';
import { agents, billedStage, FLEET, named, playRun } from './billed-run.ts';
import { acme, type Stage } from './stage.ts';

const changesOf = async (scene: Stage, runId: string): Promise<unknown[]> =>
  parse(await scene.text(`runs/${runId}/changes.csv`), { columns: true, bom: true });

const OCT = { runId: 'oct', asOf: '2026-10-22T06:30:00Z' };
const NOV = { runId: 'nov', asOf: '2026-11-22T06:30:00Z' };
const DEC = { runId: 'dec', asOf: '2026-12-22T06:30:00Z' };

/** Contoso's van is gone, and Fabrikam has a new desk. */
const MOVED_ON = {
  11: { a1: 'RECEPTION', a2: 'LAB', a3: 'BACKOFFICE', a4: 'STORE' },
  12: { ...FLEET[12], b9: 'DESK-9' },
  13: FLEET[13],
};
const later = { collector: agents(MOVED_ON) };

describe('changes since the last report', () => {
  test('are listed unit by unit', async () => {
    const scene = await billedStage(null);
    await playRun(scene, OCT);
    expect(await changesOf(scene, 'oct')).toEqual([]);
    await playRun(scene, NOV, later);
    const since = { Since: '2026-10-22', Integration: 'Acme', Column: 'Acme Agents' };
    expect(await changesOf(scene, 'nov')).toEqual([
      expect.objectContaining({ Company: 'Contoso Ltd', Before: '5', Now: '4', Removed: 'VAN', ...since }),
      expect.objectContaining({ Company: 'Fabrikam', Before: '3', Now: '4', Added: 'DESK-9', ...since }),
    ]);
  });

  test('name the other company of a unit that moved, but not in the section that is for one company alone', async () => {
    const scene = await billedStage(null);
    await playRun(scene, OCT);
    const { a5: van, ...others } = FLEET[11];
    await playRun(scene, NOV, { collector: agents({ 11: others, 12: { ...FLEET[12], a5: van }, 13: FLEET[13] }) });
    expect(await changesOf(scene, 'nov')).toEqual([
      expect.objectContaining({ Company: 'Contoso Ltd', Removed: 'VAN (to Fabrikam)' }),
      expect.objectContaining({ Company: 'Fabrikam', Added: 'VAN (from Contoso Ltd)' }),
    ]);
    const page = await scene.text('runs/nov/report.html');
    const sections = new Map(
      page.split('<section class="company" id="company-').map((part) => [part.split('"')[0], part]),
    );
    expect(sections.get('contoso')).toContain('Acme Agents: 5 → 4');
    expect(sections.get('contoso')).not.toContain('Fabrikam');
    expect(sections.get('fabrikam')).not.toContain('Contoso');
  });

  test('of a repeated run are the same bytes: it is not compared with itself', async () => {
    const scene = await billedStage(null);
    await playRun(scene, OCT);
    await playRun(scene, NOV, later);
    const files = ['changes.csv', 'units.csv', 'terms.csv', 'report.html', 'report.csv', 'report.xlsx'];
    const bytes = () => Promise.all(files.map((file) => scene.platform.objects.read(`runs/nov/${file}`)));
    const first = await bytes();
    await playRun(scene, NOV);
    expect(await bytes()).toEqual(first);
  });

  test('are those since the run that --since names', async () => {
    const scene = await billedStage(null);
    await playRun(scene, OCT);
    await playRun(scene, NOV, later);
    await playRun(scene, { ...DEC, since: 'oct' }, later);
    expect(await changesOf(scene, 'dec')).toHaveLength(2);
    await playRun(scene, { ...DEC, runId: 'dec-2' }, later);
    expect(await changesOf(scene, 'dec-2')).toEqual([]);
  });

  test('are not invented for a vendor that could not be read', async () => {
    const scene = await billedStage(null, { integrations: { acme: {}, zenith: {}, desk: {} } });
    await playRun(scene, OCT);
    const down = acme(() => {
      throw new ReportError('VendorUnavailableError', 'down');
    });
    await playRun(scene, NOV, { collector: down });
    await playRun(scene, DEC, later);
    expect(await changesOf(scene, 'dec')).toContainEqual(
      expect.objectContaining({ Company: 'Contoso Ltd', Before: '5', Now: '4', Removed: 'VAN', Since: '2026-10-22' }),
    );
  });
});

test('a remark for each of a thousand products fits into a state', async () => {
  const scene = await billedStage(null);
  const halfNamed = acme(async function* () {
    yield customer('11', 'Contoso');
    for (let product = 1; product <= 1000; product += 1) {
      const column = `Acme "Security Essentials for Enterprises, Annual Commitment, Tier ${product}"`;
      yield count('11', column);
      yield named('11', 'a1', 'RECEPTION', column);
    }
  });
  const { remarks } = await playRun(scene, OCT, { collector: halfNamed });
  expect(Buffer.byteLength(JSON.stringify(remarks))).toBeLessThan(STATE_LIMIT_BYTES / 6);
  expect(remarks[0]).toMatch(/^Acme: units\.csv leaves out .* 1 in units and 2 counted for Contoso Ltd$/u);
  expect(remarks.at(-1)).toBe(`the log has no room for ${1001 - remarks.length} more remarks like these`);
});

test('columns of the last delivered report keep their place while their vendor fails, month after month', async () => {
  const scene = await billedStage(null, { integrations: { acme: {}, zenith: {}, desk: {} } });
  const heading = async (runId: string) => (await scene.text(`runs/${runId}/report.csv`)).split('\r\n')[0];
  const selling = acme(async function* () {
    yield customer('11', 'Contoso');
    yield count('11', 'Acme Gold', 2);
  });
  const down = acme(() => {
    throw new ReportError('VendorUnavailableError', 'down');
  });
  await playRun(scene, OCT, { collector: selling });
  expect(await heading('oct')).toContain('Acme Agents,Acme Edition,Acme Gold,Zenith Seats');
  for (const month of [NOV, DEC]) {
    await playRun(scene, month, { collector: down });
    expect(await heading(month.runId)).toBe(await heading('oct'));
    expect(await scene.json(`runs/${month.runId}/report.json`)).toMatchObject({
      rows: [{ cells: { 'Acme Gold': { state: 'failed', error: 'VendorUnavailableError' } } }, {}, {}],
    });
  }
  await playRun(scene, { runId: 'jan', asOf: '2027-01-22T06:30:00Z' });
  expect(await heading('jan')).not.toContain('Acme Gold');
});

describe('what the next report is compared with', () => {
  test('is never a report of some vendors alone', async () => {
    const scene = await billedStage(null, { integrations: { acme: {}, zenith: {}, desk: {} } });
    await playRun(scene, OCT);
    await playRun(scene, { ...NOV, only: ['acme'] }, later);
    const some = await changesOf(scene, 'nov');
    // The same report again, by a run that would have asked all of them: the others are still installed.
    await playRun(scene, NOV, later);
    expect(await changesOf(scene, 'nov')).toEqual(some);
    await playRun(scene, DEC, later);
    expect(await changesOf(scene, 'dec')).toHaveLength(2);
  });

  test('is the last delivered one, whatever was only made since', async () => {
    const scene = await billedStage(null);
    await playRun(scene, OCT);
    await playRun(scene, { ...NOV, mechanism: 'none' }, later);
    await playRun(scene, DEC, later);
    expect(await changesOf(scene, 'dec')).toHaveLength(2);
  });

  test('is the last one that was only made, as long as none was delivered', async () => {
    const scene = await billedStage(null);
    await playRun(scene, { ...OCT, mechanism: 'none' });
    await playRun(scene, { ...NOV, mechanism: 'none' }, later);
    expect(await changesOf(scene, 'nov')).toHaveLength(2);
  });

  test('is nothing after the settings of a vendor changed, and the log says so', async () => {
    const scene = await billedStage(null);
    await playRun(scene, OCT);
    const moved = { integrations: { acme: { region: 'us' }, desk: {} } };
    scene.configure('report.json', { ...JSON.parse(await scene.text('config/report.json')), ...moved });
    const { remarks } = await playRun(scene, NOV, later);
    expect(remarks).toEqual([expect.stringMatching(/^Acme: the report of 2026-10-22 had another configuration/u)]);
    expect(await changesOf(scene, 'nov')).toEqual([]);
  });
});

describe('a vendor that is removed from report.json', () => {
  const installed = (scene: Stage, integrations: object) =>
    scene.text('config/report.json').then((text) => {
      scene.configure('report.json', { ...JSON.parse(text), integrations });
    });

  test('has one line, once, and is compared with its last reading when it returns', async () => {
    const scene = await billedStage(null, { integrations: { acme: {}, zenith: {}, desk: {} } });
    await playRun(scene, OCT);
    await installed(scene, { zenith: {}, desk: {} });
    await playRun(scene, NOV);
    expect(await changesOf(scene, 'nov')).toEqual([
      expect.objectContaining({
        ...{ Company: '(all companies)', Integration: 'Acme', 'State Before': 'counted', 'State Now': 'not installed' },
        Since: '2026-10-22',
      }),
    ]);
    await playRun(scene, DEC);
    expect(await changesOf(scene, 'dec')).toEqual([]);
    await installed(scene, { acme: {}, zenith: {}, desk: {} });
    await playRun(scene, { runId: 'jan', asOf: '2027-01-22T06:30:00Z' }, later);
    expect(await changesOf(scene, 'jan')).toEqual([
      expect.objectContaining({ Company: 'Contoso Ltd', Before: '5', Now: '4', Removed: 'VAN', Since: '2026-10-22' }),
      expect.objectContaining({ Company: 'Fabrikam', Before: '3', Now: '4', Since: '2026-10-22' }),
    ]);
  });

  test('is named in the log if its history cannot be read, until that is removed', async () => {
    const scene = await billedStage(null, { integrations: { acme: {}, zenith: {}, desk: {} } });
    await playRun(scene, OCT);
    const { objects } = scene.platform;
    await objects.write('history/acme/delivered.json', '{ "version": 1 }', 'application/json');
    await installed(scene, { zenith: {}, desk: {} });
    const { remarks } = await playRun(scene, NOV);
    expect(remarks).toEqual([
      'Acme is not installed, and the history of the last report cannot be read (integration), so changes.csv does not ' +
        `show whether it was; remove ${objects.locate('history/acme')} if that does not matter`,
    ]);
    expect(await changesOf(scene, 'nov')).toEqual([]);
  });

  test('is not reported to another MSP that writes to the same place', async () => {
    const scene = await billedStage(null, { integrations: { acme: {}, zenith: {}, desk: {} } });
    await playRun(scene, OCT);
    const managingOrganization = { id: 'southridge-msp', name: 'Southridge MSP' };
    scene.configure('report.json', {
      ...JSON.parse(await scene.text('config/report.json')),
      ...{ managingOrganization, integrations: { zenith: {}, desk: {} } },
    });
    await playRun(scene, NOV);
    expect(await changesOf(scene, 'nov')).toEqual([]);
  });
});

describe('with units off', () => {
  const files = ['changes.csv', 'changes.json', 'terms.csv', 'report.csv', 'report.html', 'history/acme.json'];

  test('no name of a unit is kept anywhere, and changes are only numbers', async () => {
    const scene = await billedStage(null);
    await playRun(scene, { ...OCT, units: 'off' });
    await playRun(scene, { ...NOV, units: 'off' }, later);
    expect(await changesOf(scene, 'nov')).toContainEqual(
      expect.objectContaining({ Company: 'Contoso Ltd', Before: '5', Now: '4', Added: '', Removed: '' }),
    );
    const { objects } = scene.platform;
    expect(await objects.read('runs/nov/units.csv')).toBeUndefined();
    expect(await objects.read('runs/nov/details/acme/index.jsonl')).toBeUndefined();
    for (const file of files) expect(await scene.text(`runs/nov/${file}`), file).not.toMatch(/VAN|LAB|DESK-/u);
    expect(await scene.text('history/acme/delivered.json')).not.toMatch(/VAN|LAB|DESK-/u);
    expect(await sheetText(scene, 'nov')).not.toMatch(/VAN|DESK-/u);
  });

  test('names that were kept while they were on are dropped', async () => {
    const scene = await billedStage(null);
    await playRun(scene, OCT);
    expect(await scene.text('history/acme/delivered.json')).toContain('VAN');
    await playRun(scene, { ...NOV, units: 'off' }, later);
    expect(await scene.text('runs/nov/changes.csv')).not.toMatch(/VAN|DESK-/u);
    expect(await scene.text('history/acme/delivered.json')).not.toMatch(/VAN|DESK-/u);
  });
});

test('what was counted before a pause is in units.csv after it', async () => {
  const scene = await billedStage(null);
  let lifetimes = 0;
  const slow = acme(async function* (api) {
    lifetimes += 1;
    yield customer('11', 'Contoso');
    yield customer('12', 'Fabrikam');
    yield customer('13', 'Fabrikam Labs');
    yield* api.each(['11', '12'], String, async function* (id) {
      if (lifetimes === 1 && id === '12') throw new Paused(5, 'Acme limits the rate');
      yield named(id, `u${id}`, `HOST-${id}`);
    });
  });
  await playRun(scene, NOV, { collector: slow });
  expect(lifetimes).toBe(2);
  expect(parse(await scene.text('runs/nov/units.csv'), { columns: true, bom: true })).toEqual([
    expect.objectContaining({ Company: 'Contoso Ltd', Unit: 'HOST-11', Quantity: '1' }),
    expect.objectContaining({ Company: 'Fabrikam', Unit: 'HOST-12', Quantity: '1' }),
  ]);
});

/** All text of the workbook's sheets. */
async function sheetText(scene: Stage, runId: string): Promise<string> {
  const { strFromU8, unzipSync } = await import('fflate');
  const bytes = await scene.platform.objects.read(`runs/${runId}/report.xlsx`);
  if (bytes === undefined) throw new Error('there is no workbook');
  const parts = Object.entries(unzipSync(new Uint8Array(bytes))).filter(([name]) => name.endsWith('.xml'));
  expect(parts.length).toBeGreaterThan(3);
  return parts.map(([, body]) => strFromU8(body)).join('\n');
}
