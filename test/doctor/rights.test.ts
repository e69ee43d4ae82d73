import { describe, expect, it } from 'vitest';
import { billedSubject } from '../../lambdas/doctor/billed-subject.ts';
import { countingSubject } from '../../lambdas/doctor/counting-subject.ts';
import { ticketSubject } from '../../lambdas/doctor/ticket-subject.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { openSession } from '../../lambdas/run/session.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { rightsThatDiffer, withoutRight } from '../sandbox/rights.ts';
import type { Credentials, Server } from '../sandbox/vendor.ts';
import { START, stage } from '../steps/stage.ts';
import { virtualClock } from '../virtual-clock.ts';
import { type Look, lookAt, missingIn, plainCheck, ticketCheck, writesIn } from './look.ts';

const { collectors, psas, sources } = await loadRegistry();
const msp = demoMsp();
const clock = virtualClock(START);
const vendorServers = await loadVendors(msp, clock.now);
const psaServers = await loadPsas(msp, clock.now);

const serverOf = <S extends Server>(servers: readonly S[], id: string): S => {
  const ofId = servers.find((server) => server.id === id);
  if (ofId === undefined) throw new Error(`the sandbox has no ${id}`);
  return ofId;
};

const RUN = {
  ...{ asOf: new Date(START).toISOString(), timeZone: 'UTC', mapped: [] },
  keepSecret: async () => {},
  lockSecret: () => Promise.reject(new Error('nothing is sent here')),
};

/** One use of an integration: who serves it, which rights can be tried, and how to look. */
type Use = {
  label: string;
  server: Server & Credentials;
  rights: string[];
  look: (at: Server & Credentials) => Promise<Look>;
};

const names = (rights: readonly { right: string }[]): string[] => rights.map(({ right }) => right);

const counting = collectors.map((collector): Use => {
  const server = serverOf(vendorServers, collector.id);
  const { secret, configuration } = server;
  return {
    ...{ label: collector.name, server },
    rights: names(collector.open({ secret, configuration }, RUN).rights),
    look: (at) => lookAt(at, (platform) => countingSubject(collector, plainCheck(at), platform), { clock }),
  };
});
const session = openSession((await stage()).platform, { deadline: START }, 'nobody');
const ORDER = { title: 'Billing Reconciliation', runKey: 'k', month: '', asOf: RUN.asOf, plain: '', html: '' } as const;

const delivering = psas.map((psa): Use => {
  const server = serverOf(psaServers, psa.id);
  const { secret, configuration, ticket } = server;
  return {
    ...{ label: `${psa.name} (tickets)`, server },
    rights: names(psa.openRights({ secret, configuration }, session, { ...ORDER, ticket: { companyId: 1 } }).rights),
    look: (at) => {
      const check = ticketCheck({ ...at, ticket });
      return lookAt(at, (platform) => ticketSubject(psa, check, platform), { clock });
    },
  };
});
const billing = sources.map((source): Use => {
  const server = serverOf(psaServers, source.id);
  const { secret, configuration } = server;
  return {
    ...{ label: `${source.name} (agreements)`, server },
    rights: names(source.open({ secret, configuration, options: {} }).rights),
    look: (at) => {
      const check = { ...plainCheck(at), options: {}, create: 'a key' };
      return lookAt(at, (platform) => billedSubject(source, check, platform), { clock });
    },
  };
});

describe.each([...counting, ...delivering, ...billing])('$label', ({ server, rights, look }) => {
  it('passes with all its rights, and is only read', async () => {
    const findings = await look(server);
    expect(findings.findings.filter(({ verdict }) => verdict === 'FAIL')).toEqual([]);
    expect(findings.findings.map(({ verdict }) => verdict)).toContain('ok');
    expect(findings.requests.length).toBeGreaterThan(0);
    expect(writesIn(findings)).toEqual([]);
  });

  it.each(rights.map((right) => ({ right })))('lacks "$right", and that one alone is named', async ({ right }) => {
    const findings = await look(withoutRight(server, right));
    expect(missingIn(findings)).toEqual([right]);
    expect(findings.findings.map(({ verdict }) => verdict)).not.toContain('ok');
  });
});

describe('no right is left out by accident', () => {
  const uses = [...counting, ...delivering, ...billing];

  it.each(uses)('$label checks its rights one by one', ({ rights }) => {
    expect(rights.length).toBeGreaterThan(0);
    expect(new Set(rights).size).toBe(rights.length);
  });

  it.each([...new Set(uses.map(({ server }) => server.id))])('the sandbox of %s distinguishes its rights', (id) => {
    const declared = new Set(uses.filter(({ server }) => server.id === id).flatMap(({ rights }) => rights));
    if (declared.size > 1) expect(new Set(rightsThatDiffer(id))).toEqual(declared);
    else expect(rightsThatDiffer(id).filter((right) => !declared.has(right))).toEqual([]);
  });
});
