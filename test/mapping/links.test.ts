import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOrganizations } from '../../lambdas/configuration/organizations-json.ts';
import { withLinks } from '../../lambdas/mapping/links.ts';

const managing = { id: 'northwind-msp', name: 'Northwind MSP' };
const link = (customer: string, company = 'contoso') => ({ integration: 'alpha', customer, company });

describe('organizations.json with links', () => {
  const contoso = (alpha?: unknown) => ({
    name: 'Contoso Ltd',
    id: 'contoso',
    enabled: false,
    integrationIds: { beta: 7, ...(alpha === undefined ? {} : { alpha }) },
  });
  const idsAfter = (before: unknown, ...customers: string[]) =>
    withLinks({ organizations: [contoso(before)] }, { links: customers.map((id) => link(id)) }, managing).organizations;

  it('has one id as text and several as a list, after the existing ones', () => {
    expect(idsAfter(undefined, '1')).toEqual([contoso('1')]);
    expect(idsAfter('1', '2')).toEqual([contoso(['1', '2'])]);
    expect(idsAfter(['1'], '2', '3')).toEqual([contoso(['1', '2', '3'])]);
    expect(idsAfter(1, '2')).toEqual([contoso([1, '2'])]);
    expect(idsAfter([], '2')).toEqual([contoso('2')]);
    expect(idsAfter(1, '1')).toEqual([contoso(1)]);
  });

  it('keeps fields in their order, and companies without a link unchanged', () => {
    const file = { organizations: [{ id: 'a', name: 'A' }, contoso()] };
    const { organizations } = withLinks(file, { links: [link('1')] }, managing);
    expect(organizations[0]).toBe(file.organizations[0]);
    expect(Object.keys(Object(organizations[1]))).toEqual(['name', 'id', 'enabled', 'integrationIds']);
  });

  it('gets an empty list if a company has nothing, but never instead of an id', () => {
    const nothings = ['alpha', 'beta'].map((integration) => ({ integration, company: 'contoso' }));
    expect(withLinks({ organizations: [contoso()] }, { links: [], nothings }, managing).organizations).toEqual([
      contoso([]),
    ]);
  });

  it('gets the managing organization only if something is linked to it', () => {
    expect(withLinks(undefined, { links: [] }, managing)).toEqual({ organizations: [] });
    expect(withLinks(undefined, { links: [link('1', managing.id)] }, managing)).toEqual({
      organizations: [{ ...managing, integrationIds: { alpha: '1' } }],
    });
  });

  it('contains everything that was there and was linked, and nothing else', () => {
    const id = fc.constantFrom('1', '2', '3', '4');
    const file = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c'),
        name: fc.constant('x'),
        integrationIds: fc.dictionary(fc.constantFrom('alpha', 'beta'), fc.uniqueArray(id, { minLength: 1 })),
      }),
      { selector: (each) => each.id },
    );
    const links = fc.array(
      fc.record({
        integration: fc.constantFrom('alpha', 'beta'),
        customer: id,
        company: fc.constantFrom('a', 'b', 'c'),
      }),
    );
    const pairs = (content: unknown) =>
      new Set(
        readOrganizations(content, [], ['alpha', 'beta']).flatMap((each) =>
          [...each.integrationIds].flatMap(([integration, ids]) =>
            ids.map((customerId) => `${each.id} ${integration} ${customerId}`),
          ),
        ),
      );
    fc.assert(
      fc.property(file, links, (organizations, added) => {
        const known = added.filter(({ company }) => organizations.some((each) => each.id === company));
        const after = withLinks({ organizations }, { links: added }, managing);
        const expected = new Set([
          ...pairs({ organizations }),
          ...known.map(({ company, integration, customer }) => `${company} ${integration} ${customer}`),
        ]);
        expect(pairs(after)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});
