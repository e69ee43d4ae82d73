import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { Alarms } from '../../infra/alarms.ts';
import { figuresOf } from '../../infra/figures.ts';
import type { Fact } from '../../lambdas/counting/facts.ts';
import { Tally } from '../../lambdas/counting/tally.ts';
import { asTable } from '../../lambdas/report/cell-table.ts';
import { reportCsv } from '../../lambdas/report/csv.ts';
import type { Report } from '../../lambdas/report/report.ts';
import { world } from '../faults/world.ts';
import { agents, catalog, collected, company, customer, reportOf, rowOf, seen, titles } from '../report/sample.ts';
import { breakVendor } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { Server } from '../sandbox/vendor.ts';

/*
 * How reports of this kind have been wrong elsewhere, dated and public, as far as lining up, adding, running and
 * delivering are concerned. In each test the naive way fails first, and ours does not.
 */

const W = 'Agents Workstations';

const tallied = (facts: Fact[]) => {
  const tally = new Tally();
  for (const fact of facts) tally.add(fact);
  return tally.result();
};

const broken = { integration: 'agents', outcome: 'failed', error: 'VendorUnavailableError', message: 'down' } as const;

test('2024-10: tenants without an id were left out, and no error said so', () => {
  const companies = [company('a'), company('b', { agents: ['1'] })];
  const naive = companies.filter(({ integrationIds }) => integrationIds.has('agents')).map(({ name }) => `${name},1`);
  expect(naive).toEqual(['B,1']);
  const report = reportOf(companies, [collected('agents', [customer('1', { [W]: 1 })])]);
  expect(seen(report, 'a', W)).toBe('unmapped');
  expect(rowOf(report, 'a').dataQuality).toBe('Agents: unmapped');
});

test('2025-01: one vendor’s template error stopped the whole run', async () => {
  const vendors = [() => Promise.resolve(5), () => Promise.reject(new Error('template'))];
  await expect(Promise.all(vendors.map((read) => read()))).rejects.toThrow('template');
  const organizations = [company('a', { agents: ['1'], edition: ['1'] })];
  const report = reportOf(organizations, [broken, collected('edition', [customer('1', { 'Edition Users': 5 })])]);
  expect(seen(report, 'a', 'Edition Users')).toBe(5);
  expect(report.integrations.map(({ status }) => status)).toContain('failed');
});

test('2025-10: one vendor’s data was missing whenever another was not installed', () => {
  const organizations = [company('a', { agents: ['1'] })];
  const counted = collected('agents', [customer('1', { [W]: 7 })]);
  const others = catalog.filter((entry) => entry !== agents).map(({ id }) => collected(id, []));
  /** Joined where every vendor has something to join. */
  const naive = (outcomes: { integration: string }[]) =>
    catalog.every(({ id }) => outcomes.some(({ integration }) => integration === id)) ? 7 : undefined;
  expect(naive([counted, ...others])).toBe(7);
  expect(naive([counted, ...others.slice(1)])).toBeUndefined();
  for (let subset = 0; subset < 1 << others.length; subset += 1) {
    const installed = others.filter((_, index) => (subset >> index) % 2 === 1);
    expect(seen(reportOf(organizations, [counted, ...installed]), 'a', W)).toBe(7);
  }
});

test('2026-03: under concurrency later items of a loop arrived as empty objects', () => {
  const items: { id?: string; seats?: number }[] = [{ id: '1', seats: 3 }, {}];
  expect(items.map(({ seats }) => seats ?? 0)).toEqual([3, 0]);
  expect(() => tallied([{ fact: 'customer', id: '', name: '', aliases: [] }])).toThrow(/without a customer id/u);
  expect(() => tallied([{ fact: 'count', customer: '2', column: W, value: 1 }])).toThrow(/does not contain/u);
});

test('2026-04: an action that takes several ids used only the first', () => {
  const ids = ['1', '2', '3'];
  const counts = ids.map((id) => customer(id, { [W]: 4 }));
  expect(counts.find(({ id }) => id === ids[0])?.counts[W]).toBe(4);
  expect(seen(reportOf([company('a', { agents: ids })], [collected('agents', counts)]), 'a', W)).toBe(12);
});

test('by design: a failed vendor also lost its columns, and every spreadsheet shifted', () => {
  const read = [{ Company: 'A', [W]: 1, 'Edition Users': 5 }];
  const withoutAgents = read.map(({ [W]: _, ...rest }) => rest);
  expect(Object.keys(withoutAgents[0] ?? {})).not.toEqual(Object.keys(read[0] ?? {}));
  const organizations = [company('a', { agents: ['1'], edition: ['1'] })];
  const edition = collected('edition', [customer('1', { 'Edition Users': 5 })]);
  const sound = reportOf(organizations, [collected('agents', [customer('1', { [W]: 1 })]), edition]);
  expect(titles(reportOf(organizations, [broken, edition]))).toEqual(titles(sound));
  expect(titles(reportOf(organizations, [edition]))).toEqual(titles(sound));
});

test('collectors: zero was never sent, so a customer that leaves kept its last number', () => {
  const sent = new Map([['A', 9]]);
  const now = 0;
  if (now > 0) sent.set('A', now);
  expect(sent.get('A')).toBe(9);
  const report = reportOf([company('a', { agents: ['1'] })], [collected('agents', [customer('1', {})])]);
  expect(seen(report, 'a', W)).toBe(0);
  expect([...reportCsv(asTable(report))].join('')).toContain('A,0,0,,,,complete\r\n');
});

test('mapping: customers matched by name: two of one name merged, a renamed one lost', () => {
  const twins = [customer('1', { [W]: 1 }, { name: 'A' }), customer('2', { [W]: 2 }, { name: 'A' })];
  const naive = new Map(twins.map(({ name, counts }) => [name, counts[W]]));
  expect([...naive]).toEqual([['A', 2]]);
  const report = reportOf(
    [company('a', { agents: ['1'] }), company('b', { agents: ['2'] })],
    [collected('agents', twins)],
  );
  expect([seen(report, 'a', W), seen(report, 'b', W)]).toEqual([1, 2]);
  const renamed = [customer('1', { [W]: 1 }, { name: 'A (renamed)' })];
  expect(seen(reportOf([company('a', { agents: ['1'] })], [collected('agents', renamed)]), 'a', W)).toBe(1);
});

test('reconciler: a vendor’s API error was skipped without a word and the snapshot still said “completed”', async () => {
  const errors: unknown[] = [];
  const snapshot = { status: 'completed', vendors: [] as string[] };
  for (const vendor of ['huntress', 'pax8']) {
    try {
      if (vendor === 'huntress') throw new Error('401');
      snapshot.vendors.push(vendor);
    } catch (error) {
      errors.push(error);
    }
  }
  expect(snapshot).toEqual({ status: 'completed', vendors: ['pax8'] });

  const failure = 'Huntress failed: VendorAuthError';
  const vendors = (id: string) => id === 'huntress' || id === 'pax8';
  const wrap = <S extends Server>(server: S): S => (server.id === 'huntress' ? breakVendor(server) : server);
  const byMail = await world({ msp: demoMsp(6), vendors, wrap });
  await byMail.run('skipped');
  const report: Report = JSON.parse((await byMail.file('skipped', 'report.json'))?.toString() ?? '');
  expect(report.integrations.find(({ integration }) => integration === 'huntress')).toMatchObject({
    status: 'failed',
    error: 'VendorAuthError',
  });
  expect((await byMail.file('skipped', 'automation-log.json'))?.toString()).toContain(failure);
  const { text } = await simpleParser(Buffer.from(byMail.sent[0]?.raw ?? []));
  expect(text).toContain('Huntress refuses these credentials or does not let them read this');
  await byMail.end();
  const byTicket = await world({ msp: demoMsp(6), vendors, psa: 'connectwise-psa', wrap });
  await byTicket.run('skipped');
  expect(byTicket.psas.flatMap((psa) => psa.tickets())[0]?.description).toContain(
    'Huntress refuses these credentials or does not let them read this',
  );
  await byTicket.end();
});

test('by design: runs on behalf of a child organization failed half-way or opened tickets there', async () => {
  const of = await world({ msp: demoMsp(6), vendors: (id) => id === 'huntress', psa: 'connectwise-psa' });
  const child = demoMsp(6).companies[0]?.id ?? '';
  const naive = { ticket: { companyId: child } };
  expect(naive.ticket.companyId).not.toBe(demoMsp().managing.id);
  const refused = await of.run('child', { input: { organization: child } });
  expect(refused).toMatchObject({ status: 'failed', error: 'NotManagingOrganizationError' });
  expect(of.psas.flatMap((psa) => psa.tickets())).toEqual([]);
  expect(await of.file('child', 'report.csv')).toBeUndefined();
  await of.end();
});

test('2024-11 … 2025-12: the platform was down at the scheduled time, and customers had to check for themselves', () => {
  const stack = new Stack(new App(), 'S');
  const machine = (id: string) =>
    new StateMachine(stack, id, {
      definitionBody: DefinitionBody.fromString('{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'),
    });
  new Alarms(stack, {
    prefix: 'report',
    standard: machine('Standard'),
    express: machine('Express'),
    deadLetters: new Queue(stack, 'Queue'),
    figures: figuresOf('report'),
    longestGapHours: 31 * 24,
  });
  const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  /** What an alarm says when nothing was measured because nothing ran. */
  const withoutData = (name: string) =>
    alarms.find(({ Properties }) => Properties.AlarmName === `report-${name}`)?.Properties.TreatMissingData;
  // A run that never began fails nowhere.
  expect(withoutData('RunFailed')).toBe('notBreaching');
  expect(withoutData('ReportOverdue')).toBe('breaching');
});
