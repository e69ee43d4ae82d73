import { describe, expect, it } from 'vitest';
import { BilledCheck, CountsCheck, MailCheck, TicketsCheck } from '../../lambdas/doctor/check.ts';
import { type Installation, installedUses } from '../../lambdas/doctor/uses.ts';
import { loadRegistry } from '../../lambdas/registry.ts';

const registry = await loadRegistry();
const EMAIL = { from: 'reports@northwind.example', recipients: ['billing@northwind.example'] };

/** An installation of these integrations. */
const installationOf = (
  integrations: Record<string, Record<string, unknown>>,
  delivery: Installation['configuration']['delivery'] = { mechanism: 'none' },
  billing?: Installation['billing'],
): Installation => ({
  configuration: {
    managingOrganization: { id: 'northwind', name: 'Northwind MSP' },
    integrations: new Map(Object.entries(integrations)),
    delivery,
    timeZone: undefined,
    units: 'named',
  },
  organizations: [],
  billing,
});

const toDesk = { integration: 'halopsa', ticket: { companyId: '7', board: 'Billing' } };

it('every use names its function in a run, and has a check that this function understands', () => {
  const { uses, findings } = installedUses(
    registry,
    installationOf(
      { duo: {}, halopsa: { host: 'northwind.halopsa.com' } },
      { mechanism: 'psa', psa: toDesk, email: { ...EMAIL, via: 'smtp' } },
      {
        sources: [{ kind: 'psa', id: 'halopsa', name: 'HaloPSA', settings: {} }],
        period: 'next',
        services: [],
        exceptions: [],
      },
    ),
  );
  expect(findings).toEqual([]);
  const shapes = [CountsCheck, TicketsCheck, BilledCheck, MailCheck];
  expect(uses.map((use) => use.function)).toEqual([
    ...['collector-duo', 'psa-halopsa', 'source-halopsa', 'send-email-with-attachment'],
  ]);
  for (const [index, { check }] of uses.entries()) expect(shapes[index]?.parse(check)).toEqual(check);
  expect(uses[2]?.check).toMatchObject({ options: {}, create: expect.stringMatching(/\S/u) });
});

describe('mail', () => {
  const services = (email: object) =>
    installedUses(registry, installationOf({}, { mechanism: 'psa', email: { ...EMAIL, ...email } })).uses.map(
      ({ id }) => id,
    );

  it('is checked for the first way and for the fallback', () => {
    expect(services({ via: 'microsoft-365', fallback: 'smtp' })).toEqual(['microsoft-365', 'smtp']);
    expect(services({ fallback: 'smtp' })).toEqual(['smtp']);
    expect(services({ via: 'smtp', fallback: 'ses' })).toEqual(['smtp']);
    expect(services({})).toEqual([]);
  });
});

it('only the names of credentials in report.json travel', () => {
  const { uses } = installedUses(registry, installationOf({ huntress: { exact: true, apiSecret: 's-canary' } }));
  expect(uses[0]?.check).toEqual({ configuration: { exact: true }, misplaced: ['apiSecret'], timeZone: null });
});

it('a ticket that is due for an unknown company is a finding', () => {
  const delivery = { mechanism: 'psa', psa: { integration: 'halopsa', ticket: { board: 'Billing' } } } as const;
  const { uses, findings } = installedUses(registry, installationOf({ halopsa: {} }, delivery));
  expect(uses).toEqual([]);
  expect(findings).toEqual([
    {
      ...{ id: 'halopsa', verdict: 'FAIL', subject: 'HaloPSA (tickets)' },
      sentence: expect.stringMatching(/^report\.json: delivery\.psa\.ticket\.companyId/u),
    },
  ]);
});

it('a PSA that is installed without use is named', () => {
  const { uses, findings } = installedUses(registry, installationOf({ freshdesk: {} }));
  expect(uses).toEqual([]);
  expect(findings).toMatchObject([{ verdict: 'note', subject: 'Freshdesk' }]);
});
