import { expect, test } from 'vitest';
import { reportCsv } from '../../lambdas/report/csv.ts';
import { type Fact, Tally } from '../../lambdas/report/tally.ts';
import { agents, catalog, collected, company, customer, reportOf, rowOf, seen, titles } from './sample.ts';

// Ways in which reports of this kind have been wrong elsewhere, as far as lining up and adding are concerned.

const W = 'Agents Workstations';

const tallied = (facts: Fact[]) => {
  const tally = new Tally();
  for (const fact of facts) tally.add(fact);
  return tally.result();
};

test('a company without an id is not silently left out: its cells are unmapped and its row says so', () => {
  const report = reportOf([company('a')], [collected('agents', [customer('1', { [W]: 1 })])]);
  expect(seen(report, 'a', W)).toBe('unmapped');
  expect(reportCsv(report)).toContain('A,,,,,,Agents: unmapped');
});

test('one vendor does not end the run, nor take its columns with it', () => {
  const organizations = [company('a', { agents: ['1'], edition: ['1'] })];
  const edition = collected('edition', [customer('1', { 'Edition Users': 5, 'Edition Plan': 'Pro' })]);
  const sound = reportOf(organizations, [collected('agents', [customer('1', { [W]: 1 })]), edition]);
  const broken = reportOf(organizations, [
    { integration: 'agents', outcome: 'failed', error: 'VendorUnavailableError', message: 'down' },
    edition,
  ]);
  expect(titles(broken)).toEqual(titles(sound));
  expect(seen(broken, 'a', 'Edition Users')).toBe(5);
});

test('refused credentials are failed: neither 0 nor a number that was not read', () => {
  const report = reportOf(
    [company('a', { agents: ['1'] })],
    [{ integration: 'agents', outcome: 'failed', error: 'VendorAuthError', message: '401' }],
  );
  expect(seen(report, 'a', W)).toBe('failed');
});

test('the same product in two subscriptions is added, not overwritten', () => {
  const subscription: Fact = { fact: 'count', customer: '1', column: 'SHOP A', value: 5 };
  const { customers } = tallied([
    { fact: 'customer', id: '1', name: 'One', aliases: [] },
    { ...subscription, key: 's1' },
    { ...subscription, key: 's2' },
  ]);
  expect(seen(reportOf([company('a', { shop: ['1'] })], [collected('shop', customers)]), 'a', 'SHOP A')).toBe(10);
});

test('a row that comes back on two pages counts once', () => {
  const user: Fact = { fact: 'count', customer: '1', column: 'Edition Users', value: 1, key: 'ann' };
  const { customers } = tallied([{ fact: 'customer', id: '1', name: 'One', aliases: [] }, user, user]);
  expect(customers[0]?.counts).toEqual({ 'Edition Users': 1 });
});

test('all ids of a company are used, not only the first', () => {
  const report = reportOf(
    [company('a', { agents: ['1', '2', '3'] })],
    [
      collected(
        'agents',
        ['1', '2', '3'].map((id) => customer(id, { [W]: 1 })),
      ),
    ],
  );
  expect(seen(report, 'a', W)).toBe(3);
});

test('an empty input fails, it never counts as none', () => {
  expect(() => tallied([{ fact: 'customer', id: '', name: '', aliases: [] }])).toThrow(/without a customer id/u);
});

test('a true 0 is a 0', () => {
  const report = reportOf([company('a', { agents: ['1'] })], [collected('agents', [customer('1', {})])]);
  expect(reportCsv(report)).toContain('A,0,0,,,,complete');
});

test('a vendor is read the same whatever other vendors are installed', () => {
  const organizations = [company('a', { agents: ['1'] })];
  const own = collected('agents', [customer('1', { [W]: 7 })]);
  const others = catalog.filter((entry) => entry !== agents).map(({ id }) => collected(id, []));
  expect(seen(reportOf(organizations, [own]), 'a', W)).toBe(7);
  expect(seen(reportOf(organizations, [own, ...others]), 'a', W)).toBe(7);
});

test('customers are matched by id: two of one name stay two, a renamed one is still found', () => {
  const twins = [customer('1', { [W]: 1 }, { name: 'A' }), customer('2', { [W]: 2 }, { name: 'A' })];
  const report = reportOf(
    [company('a', { agents: ['1'] }), company('b', { agents: ['2'] })],
    [collected('agents', twins)],
  );
  expect([seen(report, 'a', W), seen(report, 'b', W)]).toEqual([1, 2]);
  const nameless = reportOf([company('a')], [collected('agents', twins)]);
  expect(seen(nameless, 'a', W)).toBe('unmapped');
});

test('a customer that failed is not skipped without a word', () => {
  const report = reportOf(
    [company('a', { agents: ['1'] })],
    [collected('agents', [customer('1', {}, { state: 'failed', error: 'VendorUnavailableError', reason: 'down' })])],
  );
  expect(report.integrations[0]).toMatchObject({ status: 'partial', failures: [{ customerId: '1' }] });
  expect(rowOf(report, 'a').dataQuality).toBe('Agents: failed (VendorUnavailableError)');
});
