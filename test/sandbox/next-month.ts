import type { Company, DemoMsp, Fleet } from './demo-msp.ts';

/** Two companies of one house: a workstation goes from the first to the second. */
const SISTERS = { from: 'hazelwood-accounting', to: 'hazelwood-accounting-group' };

/**
 * The same MSP a month later, while nobody touched its agreements: people were hired and left, servers were added,
 * workstations were set up again, one went to another company. Everything follows from the names, so that two such
 * months are the same.
 */
export function nextMonth(msp: DemoMsp): DemoMsp {
  const sisters = [SISTERS.from, SISTERS.to];
  const rebuilt = msp.companies
    .filter(({ id, role }) => role === undefined && !sisters.includes(id) && msp.draw(8, id, 'rebuilt') === 0)
    .map(({ id }) => id);
  const companies = msp.companies.map((company) => ({ ...company, fleet: movedOn(msp, company) }));
  return { ...msp, companies, since: { lastMonth: msp, rebuilt: new Set(rebuilt), moved: SISTERS } };
}

function movedOn(msp: DemoMsp, { id, fleet }: Company): Fleet {
  if (id === SISTERS.from) return { ...fleet, workstations: fleet.workstations - 1 };
  if (id === SISTERS.to) return { ...fleet, workstations: fleet.workstations + 1 };
  const fate = msp.draw(12, id, 'next month');
  const people = 1 + msp.draw(3, id, 'people');
  if (fate < 2) return withPeople(fleet, people);
  if (fate === 2) return withPeople(fleet, -Math.min(people, fleet.users - 1, fleet.laptops));
  return fate === 3 ? { ...fleet, servers: fleet.servers + 1 } : fleet;
}

/** Everybody has a mailbox and a laptop. */
const withPeople = (fleet: Fleet, people: number): Fleet => ({
  ...fleet,
  users: fleet.users + people,
  mailboxes: fleet.mailboxes + people,
  laptops: fleet.laptops + people,
});
