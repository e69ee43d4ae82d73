import { expect, test } from 'vitest';
import { demoAgreements } from './agreements.ts';
import { clientele } from './clientele.ts';
import { demoMsp } from './demo-msp.ts';
import { devicesOf } from './devices.ts';
import { nextMonth } from './next-month.ts';
import { loadVendors } from './registry.ts';

const first = demoMsp();
const next = nextMonth(first);
const NOW = Date.UTC(2026, 10, 22);

/** Workstations and laptops of every client, as a vendor that numbers its devices sees them. */
const devices = (msp: typeof first) => {
  const customers = clientele(msp, 'any', { share: 100 }).map((client) => ({
    client,
    groups: [client.fleet.workstations, client.fleet.laptops],
  }));
  return new Map(
    devicesOf(msp, customers, (size: number) => size).map(({ at, rank, called }) => [
      rank,
      { of: at.client.company, called },
    ]),
  );
};

test('the next month is the same every time, and some companies have more, some less, most the same', () => {
  expect(nextMonth(demoMsp()).companies).toEqual(next.companies);
  const users = next.companies.map(({ fleet }, index) => fleet.users - (first.companies[index]?.fleet.users ?? 0));
  expect(users.some((more) => more > 0)).toBe(true);
  expect(users.some((more) => more < 0)).toBe(true);
  expect(users.filter((more) => more === 0).length).toBeGreaterThan(first.companies.length / 2);
  for (const { fleet } of nextMonth(demoMsp(500)).companies)
    expect(Math.min(...Object.values(fleet))).toBeGreaterThanOrEqual(0);
});

test('every vendor keeps its customers with their ids', async () => {
  const ids = async (msp: typeof first) =>
    (await loadVendors(msp)).map(({ customers }) => customers.map(({ id }) => id));
  expect(await ids(next)).toEqual(await ids(first));
});

test('a device keeps its number while others come and go; one that was set up again has another and its old name', () => {
  const [before, now] = [devices(first), devices(next)];
  const left = [...before.keys()].filter((rank) => !now.has(rank));
  const came = [...now].filter(([rank]) => !before.has(rank));
  expect(left.length).toBeLessThan(before.size / 20);
  const reinstalled = came.filter(([rank, { called }]) => rank !== called);
  expect(reinstalled.map(([, { of }]) => of).sort()).toEqual([...(next.since?.rebuilt ?? [])].sort());
  for (const [, { called }] of reinstalled) expect(before.has(called)).toBe(true);
});

test('one workstation moved between two companies, and is the same one', () => {
  const [before, now] = [devices(first), devices(next)];
  const moved = [...now].filter(([rank, { of }]) => before.get(rank)?.of !== of && before.has(rank));
  expect(moved.map(([rank, { of }]) => [before.get(rank)?.of, of])).toEqual([
    ['hazelwood-accounting', 'hazelwood-accounting-group'],
  ]);
});

test('nobody touched the agreements', () => {
  const lines = (msp: typeof first) => demoAgreements(msp, NOW).map(({ id, lines: all }) => ({ id, all }));
  expect(lines(next)).toEqual(lines(first));
});
