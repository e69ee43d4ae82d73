import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { readOrganizations } from '../../lambdas/configuration/organizations-json.ts';
import { type Organization, rowsOf } from '../../lambdas/report/organization.ts';
import { agents, catalog, company, MSP } from '../report/sample.ts';

const GUID = '3B6C1F0E-1111-4222-8333-444455556666';

const read = (...organizations: unknown[]): Organization[] =>
  readOrganizations({ organizations }, catalog, ['connectwise-psa']);

/** The lines of the fault that `act` throws, which must be a ConfigurationError. */
function thrownBy(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    expect(error).toMatchObject({ name: 'ConfigurationError' });
    return error instanceof Error ? error.message.split('\n') : [];
  }
  return [];
}

const faultsOf = (...organizations: unknown[]): string[] => thrownBy(() => read(...organizations));

describe('organizations.json', () => {
  test('accepts ids as text or number, one or several, each once, in their normal form', () => {
    const [contoso] = read({
      id: 'contoso',
      name: 'Contoso Ltd',
      integrationIds: {
        agents: 4411,
        edition: ['7', 7, ' 8 '],
        tenants: [GUID, GUID.toLowerCase()],
        'connectwise-psa': 251,
      },
    });
    expect(contoso?.enabled).toBe(true);
    expect(Object.fromEntries(contoso?.integrationIds ?? [])).toEqual({
      agents: ['4411'],
      edition: ['7', '8'],
      tenants: [GUID.toLowerCase()],
      'connectwise-psa': ['251'],
    });
  });

  test('distinguishes an empty list of ids from none at all', () => {
    const [contoso] = read({ id: 'contoso', name: 'Contoso Ltd', integrationIds: { agents: [] } });
    expect(contoso?.integrationIds.get('agents')).toEqual([]);
    expect(contoso?.integrationIds.has('edition')).toBe(false);
  });

  test('refuses an id of the wrong form, naming company, integration and form', () => {
    expect(() => read({ id: 'contoso', name: 'Contoso Ltd', integrationIds: { tenants: 'contoso.example' } })).toThrow(
      'organizations.json: organizations.0.integrationIds.tenants (Contoso Ltd): "contoso.example" is not a valid customer id for Tenants: expected a guid',
    );
  });

  test.each([[null], [''], ['  '], [{}], [1.5], [2 ** 60], [['a', null]]])('refuses %j as an id', (id) => {
    expect(() => read({ id: 'c', name: 'C', integrationIds: { agents: id } })).toThrow('expected an id as text');
  });

  test('says of a list which of its entries it is, and what is there', () => {
    const expected = 'expected an id as text or whole number (up to 15 digits)';
    const at = (ids: unknown) => faultsOf({ id: 'c', name: 'C', integrationIds: { agents: ids } });
    expect(at(['1', null, ' '])).toEqual([
      `organizations.json: organizations.0.integrationIds.agents.1 (C): ${expected}, found null`,
      `organizations.json: organizations.0.integrationIds.agents.2 (C): ${expected}, found an empty text`,
    ]);
    expect(at({})).toEqual([
      `organizations.json: organizations.0.integrationIds.agents (C): ${expected}, or a list of them, found object`,
    ]);
  });

  test('reports all faults at once', () => {
    const faults = () =>
      read(
        { id: 'a', name: 'A', integrationIds: { agentz: '1', tenants: 'x' } },
        { id: 'a', name: 'A again', integrationIds: JSON.parse('{"__proto__": "1"}') },
      );
    expect(faults).toThrow('unknown integration "agentz"; known: agents, connectwise-psa, edition, shop, tenants');
    expect(faults).toThrow('"x" is not a valid customer id for Tenants');
    expect(faults).toThrow('organizations.1.id: "a" is already the id of A');
    expect(faults).toThrow('unknown integration "__proto__"');
  });

  test.each([[[]], [{}], [{ organizations: [{ id: 'a', name: 'A', integrationsIds: {} }] }]])('refuses %j', (value) => {
    expect(() => readOrganizations(value, catalog, [])).toThrow(/^organizations\.json: /u);
  });

  test.each([[[]], ['agents'], [null]])('refuses %j as the ids of a company', (integrationIds) => {
    expect(faultsOf({ id: 'a', name: 'A', integrationIds })).toEqual([
      'organizations.json: organizations.0.integrationIds: expected an object with one field per integration (company "A")',
    ]);
  });

  test('refuses a company without id or name, each fault on its own line', () => {
    expect(faultsOf({ id: ' ', name: '' })).toEqual([
      'organizations.json: organizations.0.id: expected some text',
      'organizations.json: organizations.0.name: expected some text',
    ]);
  });

  test('names the company at fault, by its name or else its id', () => {
    const fault = (company: object) => faultsOf({ id: 'a', name: 'Alpha' }, company)[0];
    expect(fault({ id: 'b', name: 'Beta', integrationIDs: {} })).toBe(
      'organizations.json: organizations.1: unknown field "integrationIDs"; known: id, name, enabled, integrationIds (company "Beta")',
    );
    expect(fault({ id: 'b' })).toMatch(/organizations\.1\.name: expected string, found nothing .* \(company "b"\)$/u);
  });

  test('says only that an id is not valid if its form has no description', () => {
    const mute = z.string().check(z.refine(() => false));
    const odd = [{ ...agents, customerId: { name: 'customer id', schema: mute } }];
    const value = { organizations: [{ id: 'a', name: 'A', integrationIds: { agents: 'x' } }] };
    expect(thrownBy(() => readOrganizations(value, odd, []))).toEqual([
      'organizations.json: organizations.0.integrationIds.agents (A): "x" is not a valid customer id for Agents',
    ]);
  });

  test('reports fifty faults, and how many more there are', () => {
    const wrong = (count: number) =>
      faultsOf({ id: 'a', name: 'A', integrationIds: { agents: Array(count).fill(null) } });
    expect(wrong(50)).toHaveLength(50);
    expect(wrong(50).at(-1)).toContain('expected an id');
    expect(wrong(53)).toHaveLength(51);
    expect(wrong(53).at(-1)).toBe('organizations.json: and 3 more');
  });

  test('accepts an id that two companies have', () => {
    const claim = { integrationIds: { agents: '1' } };
    expect(read({ id: 'a', name: 'A', ...claim }, { id: 'b', name: 'B', ...claim })).toHaveLength(2);
  });
});

describe('rows', () => {
  const names = (organizations: Organization[]) => rowsOf(organizations, MSP).map(({ id }) => id);

  test('are the enabled companies and the managing one, by name regardless of case, then by id', () => {
    const organizations = [
      company('b2', {}, { name: 'beta' }),
      company('z', {}, { name: 'Zulu' }),
      company('b1', {}, { name: 'beta' }),
      company('off', {}, { enabled: false }),
      company('a', {}, { name: 'ALPHA' }),
    ];
    expect(names(organizations)).toEqual(['a', 'b1', 'b2', 'msp', 'z']);
  });

  test('include the managing organization even if it is disabled', () => {
    expect(names([company('msp', {}, { enabled: false })])).toEqual(['msp']);
  });
});
