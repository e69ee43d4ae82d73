import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import type { Step } from '../../lambdas/platform/platform.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { isRecord, memberOf } from '../../lambdas/report/record.ts';
import type { Report } from '../../lambdas/report/report.ts';
import { cellOf } from '../../lambdas/report/report.ts';
import { stepFunctions } from '../../lambdas/steps/index.ts';
import { type Execution, type ExecutionOrder, execute } from '../../scripts/local/engine.ts';
import { stepsOf } from '../../scripts/local/steps.ts';
import { loadDefinition } from '../../statemachine/definition.ts';
import { reportIn } from '../report-json.ts';
import { breakVendor, demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { type DemoMsp, demoMsp } from '../sandbox/demo-msp.ts';
import { nameInRun, type SandboxPsa } from '../sandbox/psa.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { TrueCustomer } from '../sandbox/vendor.ts';
import { startedAt } from '../started-at.ts';
import { virtualClock } from '../virtual-clock.ts';

/*
 * The whole of it: the real definition, steps, collectors and PSA against the demo MSP, and every cell of the report
 * held against what is true there.
 */

const registry = await loadRegistry();
const msp = demoMsp();
/**
 * Small enough to be run once a vendor; it still has a company that is disabled, one whose ids lead nowhere, and one
 * with two.
 */
const smaller = demoMsp(14);
const vendors = await loadVendors(msp);

/** Which members of an answer each state reads, those inside of a Map included. */
const readIn = (states: unknown): [title: string, members: string][] =>
  Object.entries(isRecord(states) ? states : {}).flatMap(([title, state]) => {
    const selector = memberOf(state, 'ResultSelector');
    const paths = Object.values(isRecord(selector) ? selector : {});
    const members = paths.map((path) => String(path).replace(/^\$\.Payload\./u, ''));
    const inside = readIn(memberOf(memberOf(state, 'ItemProcessor'), 'States'));
    return members.length === 0 ? inside : [[title, members.sort().join()], ...inside];
  });
const read = new Map(readIn(loadDefinition().States));

/** Which members its answers had, by the function that gave them. */
const answered = new Map<string, Set<string>>();
const steps = new Map(
  [...stepsOf(registry)].map(([name, step]): [string, Step] => [
    name,
    async (...parameters) => {
      const answer = await step(...parameters);
      const members = isRecord(answer) ? Object.keys(answer).sort().join() : '';
      answered.set(name, (answered.get(name) ?? new Set()).add(members));
      return answer;
    },
  ]),
);

let folder: string;
const configOf = ({ companies }: DemoMsp): string => join(folder, `config-${companies.length}`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whole-run-'));
  for (const served of [msp, smaller]) {
    await writeDemoConfiguration(
      configOf(served),
      demoConfiguration(served, await loadVendors(served), await loadPsas(served)),
    );
  }
});
afterAll(() => rm(folder, { recursive: true }));

type WholeRun = {
  execution: Execution;
  report: Report;
  csv: string[][];
  psas: SandboxPsa[];
  file: (name: string) => Promise<Buffer>;
};

async function wholeRun(
  name: string,
  options: { input?: ExecutionOrder['input']; broken?: string; psas?: SandboxPsa[]; of?: DemoMsp } = {},
): Promise<WholeRun> {
  const clock = virtualClock();
  const { of = msp, input = {} } = options;
  const psas = options.psas ?? (await loadPsas<SandboxPsa>(of, clock.now));
  const servers = [...(await loadVendors(of, clock.now)), ...psas].map((server) =>
    server.id === options.broken ? breakVendor(server) : server,
  );
  const out = join(folder, 'out');
  const execution = await execute({
    definition: loadDefinition(),
    steps: startedAt(new Date(clock.now()).toISOString(), steps),
    platform: directoryPlatform({ config: configOf(of), out, transport: inProcess(servers), clock }),
    name,
    input,
    pace: 'immediate',
  });
  const file = (which: string) => readFile(join(out, name, which));
  const report = reportIn((await file('report.json')).toString());
  return { execution, report, csv: parse(await file('report.csv'), { bom: true }), psas, file };
}

/** What a company's cells must be, by the rules of the report, from the vendor's own truth. */
function trueState(claimed: readonly TrueCustomer[]): string {
  if (claimed.length === 0) return 'unmapped';
  if (claimed.some(({ state }) => state === 'failed')) return 'failed';
  if (claimed.some(({ state }) => state === 'gone')) return 'not-found';
  if (claimed.some(({ alsoClaimedBy }) => alsoClaimedBy !== undefined)) return 'ambiguous';
  return claimed.every(({ state }) => state === 'excluded') ? 'excluded' : 'counted';
}

function trueValue(
  claimed: readonly TrueCustomer[],
  title: string,
  type: 'number' | 'text',
): number | string | undefined {
  const values = claimed.flatMap(({ cells }) => (Object.hasOwn(cells, title) ? [cells[title]] : []));
  // A word where a number is due ("unlimited") is what the whole cell reads.
  const words = values.filter((value) => typeof value === 'string');
  if (type === 'number' && words.length === 0) return values.reduce<number>((sum, value) => sum + Number(value), 0);
  return words.length === 0 ? undefined : [...new Set(words)].sort().join('; ');
}

describe('the report of the demo MSP', () => {
  let whole: WholeRun;
  beforeAll(async () => {
    whole = await wholeRun('whole');
  });

  it('is made and delivered', () => {
    expect(whole.execution).toMatchObject({
      status: 'succeeded',
      output: { success: true, delivery: { mechanism: 'psa', status: 'delivered', attached: true } },
    });
  });

  it('has a row for each enabled company and for the managing organization', () => {
    const expected = [msp.managing, ...msp.companies.filter(({ enabled }) => enabled)].map(({ id }) => id);
    expect(whole.report.rows.map(({ organization }) => organization.id).sort()).toEqual(expected.sort());
  });

  it.each(vendors.map(({ id }) => id))('says of %s in every row what is true', (id) => {
    const customers = vendors.find((vendor) => vendor.id === id)?.customers ?? [];
    const enabled = new Set(msp.companies.filter((company) => company.enabled).map((company) => company.id));
    const columns = whole.report.columns.filter(({ integration }) => integration === id);
    expect(columns.length).toBeGreaterThan(0);
    for (const row of whole.report.rows) {
      const company = row.organization.id;
      const claimed = customers.filter(
        (each) => each.company === company || (each.alsoClaimedBy === company && enabled.has(company)),
      );
      const state = trueState(claimed);
      for (const column of columns) {
        const value = trueValue(claimed, column.title, column.type);
        const cell = cellOf(whole.report, row, column);
        const where = `${row.organization.name}: ${column.title}`;
        if (state !== 'counted') expect(cell?.state, where).toBe(state);
        else if (value === undefined) expect(cell?.state, where).toBe('excluded');
        else expect(cell, where).toEqual({ state: 'counted', value });
      }
    }
  });

  it('has the same in its CSV: a value where one was counted, a blank everywhere else', () => {
    const [head = [], ...lines] = whole.csv;
    expect(head).toEqual(['Company', ...whole.report.columns.map(({ title }) => title), 'Data Quality']);
    lines.forEach((line, index) => {
      const row = whole.report.rows[index];
      if (row === undefined) throw new Error('the CSV has a row too many');
      whole.report.columns.forEach((column, place) => {
        const cell = cellOf(whole.report, row, column);
        expect(line[place + 1]).toBe(cell?.state === 'counted' ? String(cell.value) : '');
      });
      expect(line.at(-1) === '').toBe(false);
    });
    expect(lines).toHaveLength(whole.report.rows.length);
  });

  it('lists every unmapped customer, with its counts', () => {
    const enabled = new Set([
      msp.managing.id,
      ...msp.companies.filter((company) => company.enabled).map(({ id }) => id),
    ]);
    const expected = vendors.flatMap(({ id, customers }) =>
      customers
        .filter(
          ({ company, alsoClaimedBy, state }) =>
            ![company, alsoClaimedBy].some((each) => each !== undefined && enabled.has(each)) && state !== 'gone',
        )
        .map((customer) => `${id} ${customer.id}`),
    );
    expect(whole.report.unmapped.map(({ integration, customerId }) => `${integration} ${customerId}`).sort()).toEqual(
      expected.sort(),
    );
  });

  it('is attached to one ticket, byte for byte', async () => {
    const [ticket, ...more] = whole.psas.flatMap((psa) => psa.tickets());
    expect(more).toEqual([]);
    expect(ticket?.title).toContain('Billing Reconciliation');
    for (const name of ['report.csv', 'unmapped.csv']) {
      const attached = ticket?.attachments.find((file) => nameInRun(file.name) === name);
      expect(Buffer.from(attached?.bytes ?? []).equals(await whole.file(name)), name).toBe(true);
    }
  });

  it('makes no second ticket and the same bytes when it runs again under its id', async () => {
    const before = await Promise.all(['report.json', 'report.csv', 'unmapped.csv'].map(whole.file));
    const again = await wholeRun('whole', { psas: whole.psas });
    expect(again.execution.status).toBe('succeeded');
    expect(whole.psas.flatMap((psa) => psa.tickets())).toHaveLength(1);
    expect(await Promise.all(['report.json', 'report.csv', 'unmapped.csv'].map(whole.file))).toEqual(before);
  });

  it('hands on all that its steps answer, and reads nothing else: what is not handed on reaches nobody', async () => {
    await wholeRun('whole', { psas: whole.psas, input: { deliver: 'email' } });
    const check = [{ function: 'collector-duo', check: { configuration: {}, misplaced: [], timeZone: null } }];
    await wholeRun('whole', { input: { check } });
    const functions = stepFunctions(registry).filter(({ states }) => states.some((title) => read.has(title)));
    for (const { name, states } of functions) {
      const readOf = states.flatMap((title) => read.get(title) ?? []);
      for (const members of answered.get(name) ?? []) expect(readOf, name).toContain(members);
    }
    const all = new Set([...answered.values()].flatMap((members) => [...members]));
    expect([...read].filter(([, members]) => !all.has(members))).toEqual([]);
  });

  it.each(vendors.map(({ id }) => id))('gives %s the same numbers when it is the only one installed', async (id) => {
    const { report } = await wholeRun(`only-${id}`, { input: { only: [id] } });
    const cellsOf = (of: Report) =>
      of.rows.map((row) =>
        of.columns
          .filter(({ integration }) => integration === id)
          .map((column) => [column.title, cellOf(of, row, column)]),
      );
    expect(cellsOf(report)).toEqual(cellsOf(whole.report));
    const fixed = registry.collectors.flatMap(({ columns }) => columns.filter(({ appears }) => appears === 'always'));
    expect(report.columns.map(({ title }) => title)).toEqual(expect.arrayContaining(fixed.map(({ title }) => title)));
  });
});

describe('the report of an MSP with one vendor that refuses', () => {
  let undisturbed: Report;
  beforeAll(async () => {
    ({ report: undisturbed } = await wholeRun('undisturbed', { of: smaller }));
  });

  it.each(vendors.map(({ id }) => id))('loses nothing but %s when that refuses its credentials', async (id) => {
    const { report, execution } = await wholeRun(`without-${id}`, { broken: id, of: smaller });
    expect(execution).toMatchObject({ status: 'succeeded', output: { success: true } });
    expect(report.integrations.find(({ integration }) => integration === id)).toMatchObject({
      status: 'failed',
      error: 'VendorAuthError',
    });
    const others = (of: Report) =>
      of.rows.map((row) =>
        of.columns
          .filter(({ integration }) => integration !== id)
          .map((column) => [column.title, cellOf(of, row, column)]),
      );
    expect(others(report)).toEqual(others(undisturbed));
    for (const row of report.rows) {
      for (const column of report.columns.filter(({ integration }) => integration === id)) {
        expect(cellOf(report, row, column)?.state, `${row.organization.name}: ${column.title}`).not.toBe('counted');
      }
    }
  });
});
